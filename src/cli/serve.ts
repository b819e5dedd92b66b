import { once } from 'node:events';
import { Answers } from '../serve/answers.js';
import { startServer } from '../serve/server.js';
import type { Action } from './command.js';
import { exitCodes } from './exit-codes.js';
import type { serveOptions } from './options.js';
import { StopSignals } from './stop-signals.js';
import { frameOf, openClassifier } from './trained-model.js';

/** `cnn serve` */
export const serve: Action<typeof serveOptions> = async (values, output) => {
  const { model, file, classes, fill } = await openClassifier(values.model, values.device, output);
  const answers = new Answers({
    model,
    name: file,
    classes,
    digit: { shape: frameOf(file, model.inputShape), fill, name: 'the drawing' },
  });
  const stop = new StopSignals(() => output.info('stopping'));
  const server = await startServer(answers, {
    port: values.port,
    onError: (error) => output.error(error, exitCodes.failed),
  });
  output.result({ event: 'serving', url: server.url, model: file }, (colors) => [
    `draw a digit at ${colors.bold(server.url)}`,
  ]);
  output.info('for this machine only; Ctrl-C stops');
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  await server.close();
  stop.release();
  answers.dispose();
  model.dispose();
  return exitCodes.done;
};
