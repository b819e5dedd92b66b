// Prints what the thresholds of src/insight are chosen by: the statistics of healthy networks at several moments.
//   npm run build && node dist/test/insight/measure.js [seeds] [words]

import { chanceLoss, meanOf } from '../../src/insight/chance.js';
import { diagnose } from '../../src/insight/diagnose.js';
import { brief } from '../../src/insight/finding.js';
import { observeModel } from '../../src/insight/inspect.js';
import { layerGradients } from '../../src/insight/layer-gradients.js';
import { updatesOf } from '../../src/insight/updates.js';
import { ready } from '../../src/runtime/backend.js';
import { build, digits, healthy, surface } from './networks.js';

const [seeds = '2', ...words] = process.argv.slice(2);
await ready();
const { train, validation } = await digits();
for (const [name, recipe] of Object.entries(healthy)) {
  if (words.length > 0 && !words.includes(name)) continue;
  for (let seed = 1; seed <= Number(seeds); seed++) {
    const model = build(recipe, seed);
    const data = recipe.data === 'surface' ? surface(seed) : train;
    const held = recipe.data === 'surface' ? surface(seed + 100, 400) : validation;
    const history: Record<string, number[]> = {};
    for (const epochs of [0, 1, 4, 10]) {
      if (epochs > 0) {
        const done = await model.fit(data, { epochs, batchSize: 32, verbose: 0, seed, validationData: held });
        for (const [key, values] of Object.entries(done.history)) {
          history[key] = [...(history[key] ?? []), ...values];
        }
      }
      const s = await observeModel(model, data, { samples: 2000 });
      const g = layerGradients(s);
      const relu = s.layers
        .filter((l) => l.activation === 'relu')
        .map((l) => brief(l.units.filter((u) => u === 0).length / l.units.length));
      const flat = s.layers
        .slice(0, -1)
        .filter((l) => l.activation === 'tanh' || l.activation === 'sigmoid')
        .map((l) => brief(meanOf([...l.units])));
      console.log(
        [
          `${name} #${seed} +${epochs}`,
          `loss ${brief(meanOf(s.losses))} chance ${brief(chanceLoss(s) ?? Number.NaN)} after ${brief(meanOf(s.lossesAfterUpdate) / meanOf(s.losses))}x scoring ${brief(meanOf(s.scoringLosses))}`,
          `dead ${relu.join(' ')} flat ${flat.join(' ')}`,
          `gradient/weight ${g.map(({ relative }) => brief(relative)).join(' ')}`,
          `update/weight ${g.map(({ update }) => brief(update)).join(' ')}`,
          `rms ${s.layers.map(({ rms }) => brief(rms)).join(' ')}`,
          `wrong ${brief(s.mistakes?.wrong ?? 0)} certain ${brief((s.mistakes?.certain ?? 0) / (s.mistakes?.wrong ?? 1))}`,
          diagnose({ statistics: s, updates: updatesOf(model), history, train: data, validation: held })
            .map((f) => `!! ${f.code}: ${f.message}`)
            .join('; '),
        ].join(' | '),
      );
    }
    model.dispose();
  }
}
