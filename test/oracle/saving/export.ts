// What is exported, TensorFlow in Python loads and computes the same with:
//
//   npm run oracle:export -- [--python .venv/bin/python] [--count 200] [--first 0]
//
// Each random model (specs.ts) is built, trained a little and exported as a SavedModel and as a frozen GraphDef.
// export_side.py runs both on batches of several sizes; the outputs must be the same within 1e-5.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ready } from '../../../src/runtime/backend.js';
import { after, build, STEPS_BEFORE, train } from './our-side.js';
import { makeSpec } from './specs.js';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    count: { type: 'string', default: '200' },
    first: { type: 'string', default: '0' },
  },
});
const folder = mkdtempSync(path.join(tmpdir(), 'cnn-export-'));
try {
  await ready();
  const cases = [];
  for (let i = 0; i < Number(values.count); i++) {
    const spec = makeSpec(Number(values.first) + i);
    const model = build(spec);
    await train(model, spec, STEPS_BEFORE);
    await model.export(path.join(folder, `model_${i}`));
    await model.export(path.join(folder, `model_${i}.pb`));
    const { prediction } = await after(model, spec);
    cases.push({ name: spec.name, x: spec.x, prediction });
    model.dispose();
  }
  writeFileSync(path.join(folder, 'cases.json'), JSON.stringify(cases));
  const { status } = spawnSync(values.python, ['-B', 'test/oracle/saving/export_side.py', folder], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
