import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME = 80;

/** A step that takes its time: shown while it runs, and with how long it took when it is done. */
export interface Step {
  /** Says what it is doing just now. */
  update(detail: string): void;
  done(detail?: string): void;
  fail(): void;
}

/**
 * Writes for a person at a terminal: colours and a moving spinner there, plain lines anywhere else (a pipe, a log, a
 * dumb terminal) or without colours when NO_COLOR is set.
 */
export class Terminal {
  private readonly isLive: boolean;
  private readonly hasColour: boolean;
  /** The step whose line is being redrawn, if any; other lines are written above it. */
  private redraw: (() => void) | undefined;

  constructor(
    private readonly out: NodeJS.WriteStream,
    env: NodeJS.ProcessEnv,
  ) {
    this.isLive = out.isTTY === true && env['TERM'] !== 'dumb' && !env['CI'];
    this.hasColour = out.isTTY === true && env['TERM'] !== 'dumb' && !env['NO_COLOR'];
    out.on('error', () => undefined); // the terminal was closed: nobody reads, and we still have to stop in order
  }

  /** A text in a style, when there are colours. */
  style(style: Style, text: string): string {
    return this.hasColour ? styleText(style, text) : text;
  }

  line(text = ''): void {
    if (this.redraw) this.out.write('\r\u001b[2K');
    this.out.write(`${text}\n`);
    this.redraw?.();
  }

  /** A line about something that happened, with the time of day. */
  event(text: string): void {
    const time = new Date().toTimeString().slice(0, 8);
    this.line(`  ${this.style('dim', time)}  ${text}`);
  }

  /** Begins a step; one at a time. */
  step(label: string): Step {
    const started = performance.now();
    const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
    let detail = '';
    let frame = 0;
    const draw = () => {
      const spinner = this.style('cyan', SPINNER[frame++ % SPINNER.length]!);
      const text = `  ${spinner} ${label.padEnd(14)}${this.style('dim', `${seconds().padStart(8)}  ${detail}`)}`;
      this.out.write(`\r\u001b[2K${text}`);
    };
    const timer = this.isLive ? setInterval(draw, FRAME) : undefined;
    this.redraw = this.isLive ? draw : undefined;
    this.redraw?.();
    const end = (mark: string) => {
      clearInterval(timer);
      if (this.redraw) this.out.write('\r\u001b[2K');
      this.redraw = undefined;
      this.line(`  ${mark} ${label.padEnd(14)}${this.style('dim', `${seconds().padStart(8)}  ${detail}`)}`.trimEnd());
    };
    return {
      update: (text) => {
        detail = text;
      },
      done: (text = detail) => {
        detail = text;
        end(this.style('green', this.isLive || this.hasColour ? '✔' : 'ok'));
      },
      fail: () => end(this.style('red', this.isLive || this.hasColour ? '✖' : '--')),
    };
  }
}
