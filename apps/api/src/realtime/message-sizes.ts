/**
 * Bytes of each message of one namespace, in the order in which the messages come. Socket.IO gives an event out later
 * than its packets arrive, when others may have arrived behind it, and an event with attachments comes in several.
 */
export class MessageSizes {
  private readonly sizes: number[] = [];
  private readonly start: RegExp;
  /** Whether the packets without text that come now are attachments of this namespace's last message. */
  private isOpen = false;

  constructor(namespace: string) {
    // Kind (2: an event, 5: one with so many attachments), then the namespace.
    this.start = new RegExp(`^(?:2|5\\d+-)${namespace},`);
  }

  /** Notes a packet of the connection. */
  note(data: string | Buffer | undefined): void {
    if (typeof data === 'string') {
      this.isOpen = this.start.test(data);
      if (this.isOpen) this.sizes.push(Buffer.byteLength(data));
    } else if (data !== undefined && this.isOpen) {
      this.sizes[this.sizes.length - 1]! += data.length;
    }
  }

  /** The size of the next message that is given out. */
  take(): number {
    return this.sizes.shift() ?? 0;
  }
}
