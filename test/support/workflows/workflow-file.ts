import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectFolder } from '../run-command.ts';

/** The workflow files as plain data, as far as the policy reads them. */

export interface WorkflowStep {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly 'continue-on-error'?: boolean;
}

export interface WorkflowJob {
  readonly name?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly 'runs-on'?: unknown;
  readonly 'timeout-minutes'?: number;
  readonly environment?: unknown;
  readonly permissions?: unknown;
  readonly env?: unknown;
  readonly strategy?: { readonly matrix?: unknown };
  readonly services?: Readonly<Record<string, { readonly image?: string }>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly WorkflowStep[];
  readonly secrets?: unknown;
}

export interface Workflow {
  readonly name?: string;
  readonly on: unknown;
  readonly permissions?: unknown;
  readonly env?: unknown;
  readonly concurrency?: { readonly 'cancel-in-progress'?: unknown };
  readonly jobs: Readonly<Record<string, WorkflowJob>>;
}

export const workflowFolder = join(projectFolder, '.github/workflows');

/** `pipeline.yml`, … */
export const workflowNames = () => readdirSync(workflowFolder).toSorted();

export const readWorkflowText = (name: string) => readFileSync(join(workflowFolder, name), 'utf8');

export const parseWorkflowText = (text: string) => parse(text) as Workflow;
