import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pipDownload, silenceMs } from '../../src/runtime/setup/pip.js';
import { temporaryFolder } from './fake-library.js';
import { fakeWheel } from './fake-wheel.js';

test('a pip that hears nothing from its index is stopped', async (t) => {
  const folder = temporaryFolder(t);
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  const file = path.join(bin, 'python3');
  writeFileSync(file, '#!/bin/sh\n[ "$3" = --version ] && exit 0\nexec /bin/sleep 600\n');
  chmodSync(file, 0o755);
  t.mock.timers.enable({ apis: ['setInterval'] });
  const download = pipDownload(fakeWheel().recipe.wheels[0]!, path.join(folder, 'work'), {
    env: { PATH: bin },
    onBytes: () => {},
  });
  const failed = assert.rejects(download, { code: 'SETUP_DOWNLOAD_FAILED', message: /could not reach/ });
  // Until it runs.
  await delay(500);
  t.mock.timers.tick(silenceMs);
  await failed;
});
