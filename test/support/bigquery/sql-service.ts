import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/** The server binary of Google's SQL engine (ZetaSQL 2023.08), called over gRPC. */

const READY_WITHIN_MS = 20_000;

/** The error message of the engine for a statement, with the position as `[at line:column]`. */
export class GoogleSqlError extends Error {}

export interface SqlService {
  call(method: string, request: unknown): Promise<Record<string, unknown>>;
  stop(): void;
}

type Answer = Record<string, unknown>;
type Method = (
  request: unknown,
  done: (error: grpc.ServiceError | null, answer: Answer) => void,
) => void;

/** Starts the engine (about half a second) and resolves once it answers. */
export async function startSqlService(): Promise<SqlService> {
  const folder = engineFolder();
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(join(folder, binaryName()), address.split(':'), { stdio: 'ignore' });
  const client = connect(folder, address);
  try {
    await ready(client, child);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    call: (method, request) => call(client, method, request),
    stop: () => {
      client.close();
      child.kill('SIGKILL');
    },
  };
}

function engineFolder(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@fivetrandevelopers/zetasql')), 'zetasql');
}

function binaryName(): string {
  const arm = process.arch === 'arm64' ? '_arm' : '';
  return `remote_server${arm}${process.platform === 'darwin' ? '' : '.so'}`;
}

function connect(folder: string, address: string): grpc.Client {
  const definition = loadSync('local_service.proto', {
    defaults: false,
    oneofs: true,
    longs: String,
    enums: String,
    keepCase: false,
    includeDirs: [join(folder, 'protos')],
  });
  const root = grpc.loadPackageDefinition(definition) as unknown as {
    zetasql: { local_service: { ZetaSqlLocalService: grpc.ServiceClientConstructor } };
  };
  const Service = root.zetasql.local_service.ZetaSqlLocalService;
  return new Service(address, grpc.credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    'grpc.max_receive_message_length': -1,
  });
}

function ready(client: grpc.Client, child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    client.waitForReady(Date.now() + READY_WITHIN_MS, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

function call(client: grpc.Client, method: string, request: unknown): Promise<Answer> {
  const run = (client as unknown as Record<string, Method>)[method];
  if (!run) throw new Error(`the engine has no method ${method}`);
  return new Promise((resolve, reject) =>
    run.call(client, request, (error, answer) =>
      error ? reject(new GoogleSqlError(error.details || error.message)) : resolve(answer),
    ),
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
