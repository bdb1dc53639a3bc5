import { relative } from 'node:path';
import type { DemoAccounts } from '../seed/demo-accounts.js';
import type { DemoSchool } from '../seed/ensure-demo-school.js';
import type { Terminal } from '../shell/terminal.js';

/** What the screen tells. */
export interface ReadyScreen {
  readonly url: string;
  readonly dataFolder: string;
  /** Passwords are shown once: on the start that made them. */
  readonly demoSchool: DemoSchool | null;
  readonly demoAccountsFile: string;
}

/** A query that has an answer for each of the demo sign-ins. */
const SAMPLE_QUERY = 'query { viewer { name roles } courses { edges { node { title skills { name } } } } }';

/** Prints the one screen of a successful start. */
export function printReadyScreen(terminal: Terminal, screen: ReadyScreen): void {
  const { url, demoSchool } = screen;
  const data = pathFromHere(screen.dataFolder);
  const dim = (text: string) => terminal.style('dim', text);
  const row = (label: string, value: string, remark = '') =>
    terminal.line(`    ${label.padEnd(12)}${value}${remark === '' ? '' : `  ${dim(remark)}`}`);
  const title = (text: string) => {
    terminal.line();
    terminal.line(`  ${terminal.style('bold', text)}`);
  };

  title(`Attune is ready at ${terminal.style('cyan', url)}`);
  row('Playground', `${url}/playground`, 'GraphQL in the browser');
  row('GraphQL', `${url}/graphql`, 'POST');
  row('Health', `${url}/health/ready`);
  row('Metrics', `${url}/metrics`);
  row('Docs', `${url}/docs/`, 'begin with the architecture');
  row('Data', data, `logs in ${data}/logs`);

  if (demoSchool) {
    const { accounts, isNew } = demoSchool;
    const file = pathFromHere(screen.demoAccountsFile);
    title(`Sign in to the institution "${accounts.institution}"`);
    for (const role of ['student', 'teacher', 'admin'] as const) {
      const { email, password } = accounts[role];
      row(role, email.padEnd(26), isNew ? `password ${password}` : '');
    }
    row('', dim(isNew ? `The passwords are shown this once, and kept in ${file}.` : `Passwords are in ${file}.`));

    title('Paste into the playground');
    terminal.line(`    ${terminal.style('green', signIn(accounts, isNew))}`);
    terminal.line(`    ${dim('then, with the header Authorization: Bearer <accessToken>')}`);
    terminal.line(`    ${terminal.style('green', SAMPLE_QUERY)}`);
  }

  terminal.line();
  terminal.line(`  ${dim('Ctrl-C stops everything, in order. Warnings and restarts appear below.')}`);
  terminal.line();
}

/** The mutation that signs the student in; complete while the passwords are on the screen anyway. */
function signIn({ institution, student }: DemoAccounts, isNew: boolean): string {
  const password = isNew ? student.password : '…';
  const input = `institution: "${institution}", email: "${student.email}", password: "${password}"`;
  return `mutation { signIn(input: { ${input} }) { ... on Tokens { accessToken } } }`;
}

/** A path as one would type it here. */
function pathFromHere(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === '' ? '.' : fromHere.startsWith('..') ? path : fromHere;
}
