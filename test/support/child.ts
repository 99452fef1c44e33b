import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A TypeScript program run in a process of its own, to be killed as real ones are. */
export class Child {
  readonly exited: Promise<void>;
  private readonly lines: string[] = [];
  private readonly process: ChildProcess;
  private said = "";
  private wake: () => void = () => undefined;
  private hasEnded = false;

  constructor(program: string, ...args: readonly string[]) {
    const child = spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, program), ...args], { stdio: ["pipe", "pipe", "pipe"] });
    this.process = child;
    createInterface(child.stdout).on("line", (line) => {
      this.lines.push(line);
      this.wake();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.said += text));
    this.exited = new Promise((resolve) => {
      child.on("close", () => {
        this.hasEnded = true;
        this.wake();
        resolve();
      });
    });
  }

  /** The first line not read yet that matches, waited for. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const at = this.lines.findIndex((line) => pattern.test(line));
      if (at >= 0) return this.lines.splice(0, at + 1).at(-1) ?? "";
      if (this.hasEnded) throw new Error(`the child ended without a line like ${pattern}: ${this.said}`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  send(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.exited;
  }
}
