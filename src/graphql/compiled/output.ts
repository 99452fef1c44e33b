/** A text that is written from its beginning to its end, with holes for what is not there yet. */
export class Output {
  /** What comes after the last hole. */
  text = "";
  private before: (string | Output)[] | null = null;

  /** Leaves a place here, to be written later. */
  hole(): Output {
    const hole = new Output();
    (this.before ??= []).push(this.text, hole);
    this.text = "";
    return hole;
  }

  get hasHoles(): boolean {
    return this.before !== null;
  }

  /** Goes on with what another one holds, and will hold. */
  append(other: Output): void {
    if (other.before === null) {
      this.text += other.text;
      return;
    }
    (this.before ??= []).push(this.text, ...other.before);
    this.text = other.text;
  }

  /** Once every hole has been written. */
  toString(): string {
    if (this.before === null) return this.text;
    let whole = "";
    for (const part of this.before) whole += typeof part === "string" ? part : part.toString();
    return whole + this.text;
  }
}
