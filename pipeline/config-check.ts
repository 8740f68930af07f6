import './runtime/node-guard.ts';
import { readConfig } from './config/load.ts';
import { summarizeConfig } from './config/summarize.ts';
import { createConfigCommand, parseCommand } from './runtime/command.ts';
import { runMain } from './runtime/main.ts';

const command = createConfigCommand('config:check', 'Checks the files of the configuration.');

/** Says that the configuration is valid and what it holds, or everything that is wrong with it. */
await runMain(async () => {
  const { config } = parseCommand<{ config: string }>(command);
  console.log(summarizeConfig(readConfig(config)));
});
