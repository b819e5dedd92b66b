import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CnnError } from '../errors.js';
import type { Answers } from './answers.js';
import { pageFiles } from './page-files.js';

/** The only address that is listened on: nobody but this machine can connect. */
const LOOPBACK = '127.0.0.1';

/** Tried in this order where no port is asked for; then any. */
const PORTS = [4321, 4322, 4323, 4324, 4325, 0];

/** Largest drawing: 512 x 512 bytes. */
const MAX_BODY = 512 * 512;

const HEADERS = {
  // All that the page needs comes from here; whatever got into it could load and send nothing.
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
};

/** What a path answers, and to which method. */
interface Route {
  readonly method: 'GET' | 'POST';
  readonly type: string;
  readonly handle: (request: IncomingMessage) => Promise<string | Uint8Array>;
}

/** A server that runs. */
export interface RunningServer {
  /** `http://127.0.0.1:4321/` */
  readonly url: string;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** A request that is refused, with the status that says why. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

/**
 * Serves the drawing page and its answers to this machine's own browser, and to nothing else: it listens on loopback,
 * and refuses requests under other names (DNS rebinding) or from pages of other origins (403), other paths (404) and
 * methods (405), and bodies that are too large (413) or no drawings (400, 415, 422).
 *
 * @param options.port 0 for any that is free; default: 4321, or the next that is free
 * @param options.onError is told of errors in answering, which are bugs
 * @throws CnnError INVALID_ARGUMENT with the flag where the port that is asked for cannot be had
 */
export async function startServer(
  answers: Answers,
  { port, onError }: { port?: number; onError: (error: unknown) => void },
): Promise<RunningServer> {
  const routes = await routesOf(answers);
  const server = createServer((request, response) => {
    respond(request, response, routes, onError);
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  server.maxConnections = 64;
  const own = await listen(server, port === undefined ? PORTS : [port]);
  return {
    url: `http://${LOOPBACK}:${own}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function routesOf(answers: Answers): Promise<Map<string, Route>> {
  const json = { type: 'application/json' };
  const description = JSON.stringify(answers.describe());
  const routes = new Map<string, Route>([
    ['/model', { ...json, method: 'GET', handle: async () => description }],
    [
      '/predict',
      {
        ...json,
        method: 'POST',
        handle: async (request) => JSON.stringify(await answers.answer(drawingOf(await bodyOf(request)))),
      },
    ],
  ]);
  // Files are looked up by their whole path in a table, so no path leads out of the folder.
  for (const { path, type, content } of await pageFiles()) {
    routes.set(path, { method: 'GET', type, handle: async () => content });
  }
  return routes;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  routes: ReadonlyMap<string, Route>,
  onError: (error: unknown) => void,
): Promise<void> {
  try {
    checkOrigin(request);
    const { method, type, handle } = routeOf(request, routes);
    const content = await handle(request);
    response.writeHead(200, { ...HEADERS, 'Content-Type': `${type}; charset=utf-8` });
    response.end(method === 'GET' && request.method === 'HEAD' ? undefined : content);
  } catch (error) {
    if (response.destroyed || request.errored) return;
    const { status, message, headers } = refusalOf(error);
    if (status === 500) onError(error);
    response.writeHead(status, { ...HEADERS, ...headers, 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ error: message }));
    // Who is still sending reads no answer on a connection that is closed; what comes is thrown away.
    request.resume();
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof CnnError && error.code === 'DATA_INVALID') return new Refusal(422, error.message);
  return new Refusal(500, 'this is a bug in cnn-node; the terminal says more');
}

/** Another site may point a name of its own here, or have its visitors' browsers ask. */
function checkOrigin({ headers, socket }: IncomingMessage): void {
  const names = [LOOPBACK, 'localhost'];
  // Browsers leave out the port that is HTTP's own.
  const own = socket.localPort === 80 ? names : names.map((name) => `${name}:${socket.localPort}`);
  const { host = '', origin } = headers;
  if (!own.includes(host)) throw new Refusal(403, 'this server has another name');
  if (origin !== undefined && !own.some((name) => origin === `http://${name}`)) {
    throw new Refusal(403, 'pages of other sites may not ask');
  }
}

function routeOf({ url = '', method }: IncomingMessage, routes: ReadonlyMap<string, Route>): Route {
  const route = routes.get(url.split('?', 1)[0]!);
  if (route === undefined) throw new Refusal(404, 'there is nothing here');
  if (method === route.method || (method === 'HEAD' && route.method === 'GET')) return route;
  throw new Refusal(405, `only ${route.method}`, { Allow: route.method });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  // Only a page of this server can send this type without being asked first whether it may.
  if (request.headers['content-type'] !== 'application/octet-stream') {
    throw new Refusal(415, 'a drawing comes as application/octet-stream');
  }
  const tooLarge = new Refusal(413, `a drawing has at most ${MAX_BODY} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  // Not `for await`, which would end the connection before it could be told why.
  return new Promise((resolve, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
      else reject(tooLarge);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

/** A drawing is a square of bytes, a gray each. */
function drawingOf(body: Buffer) {
  const side = Math.sqrt(body.length);
  if (side > 0 && Number.isInteger(side)) return { width: side, height: side, data: body };
  throw new Refusal(400, 'a drawing is a square of bytes');
}

async function listen(server: Server, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, LOOPBACK, () => {
          server.off('error', reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    } catch (cause) {
      if (port !== ports.at(-1)) continue;
      throw new CnnError('INVALID_ARGUMENT', `cannot listen on port ${port} (${(cause as Error).message})`, {
        flag: '--port',
        hint: 'Give another one, or 0 for any that is free.',
        cause,
      });
    }
  }
  throw new RangeError('no port to try');
}
