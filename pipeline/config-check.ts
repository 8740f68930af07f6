import './shell/node-guard.ts';
import { createConfigCommand, parseCommand } from './shell/command.ts';
import { readConfig } from './shell/config/read.ts';
import { summarizeConfig } from './shell/config/summarize.ts';
import { runMain } from './shell/run-main.ts';

const command = createConfigCommand('config:check', 'Checks the files of the configuration.');

/** Says that the configuration is valid and what it holds, or everything that is wrong with it. */
await runMain(async () => {
  const { config } = parseCommand<{ config: string }>(command);
  console.log(summarizeConfig(readConfig(config)));
});
