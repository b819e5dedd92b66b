import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { layers, Sequential } from '../../src/index.js';
import { Answers } from '../../src/serve/answers.js';
import { type RunningServer, startServer } from '../../src/serve/server.js';
import { hasCode } from '../codes.js';

interface Response {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

describe('the server of cnn serve', () => {
  let model: Sequential;
  let answers: Answers;
  let server: RunningServer;
  const errors: unknown[] = [];

  before(async () => {
    model = new Sequential([
      layers.reshape({ targetShape: [28, 28, 1], inputShape: [28, 28] }),
      layers.conv2d({ filters: 3, kernelSize: 5, activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 10, activation: 'softmax' }),
    ]);
    answers = new Answers({
      model,
      name: 'tiny',
      classes: [...'0123456789'],
      digit: { shape: [28, 28] },
    });
    server = await startServer(answers, { port: 0, onError: (error) => errors.push(error) });
  });
  after(async () => {
    await server.close();
    answers.dispose();
    model.dispose();
    assert.deepEqual(errors, []);
  });

  function ask(path: string, options: http.RequestOptions = {}, body?: Uint8Array): Promise<Response> {
    return new Promise((resolve, reject) => {
      // `path` as it is: URL would take "..", and more, out of it.
      const { hostname, port } = new URL(server.url);
      const request = http.request({ hostname, port, path, agent: false, ...options }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => {
          resolve({ status: response.statusCode!, headers: response.headers, body: text });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  const bytes = { 'Content-Type': 'application/octet-stream' };

  function predict(body: Uint8Array, headers: http.OutgoingHttpHeaders = bytes): Promise<Response> {
    return ask('/predict', { method: 'POST', headers }, body);
  }

  /** A stroke on white paper. */
  function drawing(): Uint8Array {
    const sheet = new Uint8Array(100 * 100).fill(255);
    for (let y = 20; y < 80; y++) sheet.fill(0, y * 100 + 45, y * 100 + 55);
    return sheet;
  }

  it('serves the page and its files, with a policy under which nothing else is loaded', async () => {
    const page = await ask('/');
    assert.deepEqual([page.status, page.headers['content-type']], [200, 'text/html; charset=utf-8']);
    const policy = page.headers['content-security-policy'];
    assert.match(String(policy), /^default-src 'none'; script-src 'self'; style-src 'self';/);
    assert.equal(page.headers['x-content-type-options'], 'nosniff');
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    assert.ok(files.includes('page.js') && files.includes('page.css'));
    for (const file of files.filter((name) => !name.startsWith('data:'))) {
      const { status, headers } = await ask(`/${file}`);
      assert.equal(status, 200, file);
      assert.match(headers['content-type']!, file.endsWith('js') ? /javascript/ : /css/);
    }
    assert.doesNotMatch(page.body, /https?:/);
    const head = await ask('/', { method: 'HEAD' });
    assert.deepEqual([head.status, head.body], [200, '']);
  });

  it('describes the model, and answers what a drawing is and what each layer gives', async () => {
    const description = JSON.parse((await ask('/model')).body);
    assert.deepEqual([description.name, description.parameters], ['tiny', model.countParams()]);
    const { width, height, count } = description.weights;
    assert.deepEqual([width, height, count], [5, 5, 3]);
    const { status, body } = await predict(drawing());
    assert.equal(status, 200);
    const { input, predictions, layers: outputs } = JSON.parse(body);
    assert.equal(Buffer.from(input.bytes, 'base64').length, 28 * 28);
    const total = predictions.reduce(
      (sum: number, each: { probability: number }) => sum + each.probability,
      0,
    );
    assert.ok(Math.abs(total - 1) < 1e-5);
    assert.deepEqual(
      outputs.map((each: { width: number; height: number; count: number; bytes: string }) => [
        each.width,
        each.height,
        each.count,
        Buffer.from(each.bytes, 'base64').length,
      ]),
      [
        [28, 28, 1, 784],
        [24, 24, 3, 1728],
        [48, 36, 1, 1728],
        [10, 1, 1, 10],
      ],
    );
  });

  it('answers while a drawing is still a line', async () => {
    const sheet = new Uint8Array(100 * 100).fill(255);
    for (let y = 45; y < 55; y++) sheet.fill(0, y * 100 + 10, y * 100 + 90);
    assert.equal((await predict(sheet)).status, 200);
  });

  it('answers many at once, each with its own', async () => {
    const first = await predict(drawing());
    const all = await Promise.all(Array.from({ length: 8 }, () => predict(drawing())));
    for (const { body } of all) assert.equal(body, first.body);
  });

  it('refuses bodies that are too large, whether they say so or not', async () => {
    const large = new Uint8Array(512 * 512 + 1);
    assert.equal((await predict(large)).status, 413);
    assert.equal((await predict(large, { ...bytes, 'Transfer-Encoding': 'chunked' })).status, 413);
    assert.equal((await predict(drawing())).status, 200);
  });

  it('refuses what is no drawing', async () => {
    assert.equal((await predict(new Uint8Array(0))).status, 400);
    assert.equal((await predict(new Uint8Array(1000))).status, 400);
    assert.equal((await predict(drawing(), { 'Content-Type': 'text/plain' })).status, 415);
    assert.equal((await predict(drawing(), {})).status, 415);
    const empty = await predict(new Uint8Array(10_000).fill(255));
    assert.equal(empty.status, 422);
    assert.match(JSON.parse(empty.body).error, /no digit/);
  });

  it('refuses other names of this machine and pages of other origins', async () => {
    const { port } = new URL(server.url);
    const get = async (headers: http.OutgoingHttpHeaders) => (await ask('/', { headers })).status;
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1.evil.example:${port}`,
    ]) {
      assert.equal(await get({ Host: host }), 403, host);
    }
    assert.equal(await get({ Host: `localhost:${port}` }), 200);
    const post = async (origin: string) => (await predict(drawing(), { ...bytes, Origin: origin })).status;
    for (const origin of [
      'null',
      'https://evil.example',
      `https://127.0.0.1:${port}`,
      'http://127.0.0.1:1',
    ]) {
      assert.equal(await post(origin), 403, origin);
    }
    assert.equal(await post(`http://127.0.0.1:${port}`), 200);
    assert.equal(
      (await ask('/', { headers: { Origin: 'null' } })).headers['access-control-allow-origin'],
      undefined,
    );
  });

  it('has no other paths, and none that leads elsewhere', async () => {
    const paths = [
      '/index.html',
      '/x',
      '//',
      '/../package.json',
      '/page/../../server.js',
      '/%2e%2e/server.js',
    ];
    paths.push('/..\\server.js', '/constructor', '/__proto__', '/page.js/', '/etc/passwd', '*');
    for (const path of paths) assert.equal((await ask(path)).status, 404, path);
    assert.equal((await ask('/page.js?version=2')).status, 200);
  });

  it('refuses other methods, and says which it takes', async () => {
    for (const [path, method, allowed] of [
      ['/', 'POST', 'GET'],
      ['/model', 'DELETE', 'GET'],
      ['/predict', 'GET', 'POST'],
      ['/predict', 'OPTIONS', 'POST'],
    ] as const) {
      const { status, headers } = await ask(path, { method });
      assert.deepEqual([status, headers.allow], [405, allowed], `${method} ${path}`);
    }
  });

  it('listens on loopback only, and goes on after nonsense', async () => {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.end('\x16\x03\x01 nonsense\r\n\r\n');
    await new Promise((resolve) => socket.on('close', resolve).resume());
    assert.equal((await ask('/')).status, 200);
  });

  it('takes the next port that is free, but not another than the one that is asked for', async () => {
    const port = Number(new URL(server.url).port);
    const taken = startServer(answers, { port, onError: assert.ifError });
    await assert.rejects(taken, hasCode('INVALID_ARGUMENT', String(port)));
    const [first, second] = [
      await startServer(answers, { onError: assert.ifError }),
      await startServer(answers, { onError: assert.ifError }),
    ];
    assert.notEqual(first.url, second.url);
    await Promise.all([first.close(), second.close()]);
  });
});
