import { describe, expect, it } from 'vitest';
import { MessageSizes } from './message-sizes.js';

describe('MessageSizes', () => {
  it('gives each message its own size, however many have come by then', () => {
    const sizes = new MessageSizes('/learn');
    const messages = ['2/learn,1["large one"]', '2/learn,2["x"]'];
    for (const message of messages) sizes.note(message);
    expect(messages.map(() => sizes.take())).toEqual(messages.map((message) => message.length));
  });

  it('counts attachments to the message that they belong to', () => {
    const sizes = new MessageSizes('/learn');
    const head = '52-/learn,["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]';
    sizes.note(head);
    sizes.note(Buffer.alloc(1_000));
    sizes.note(Buffer.alloc(10));
    expect(sizes.take()).toBe(head.length + 1_010);
  });

  it('leaves out what concerns other namespaces, answers and the connection itself', () => {
    const sizes = new MessageSizes('/learn');
    sizes.note('51-/teach,["x",{"_placeholder":true,"num":0}]');
    sizes.note(Buffer.alloc(1_000));
    sizes.note('3/learn,1["an answer"]');
    sizes.note(undefined);
    sizes.note('2/learn,["é"]');
    expect(sizes.take()).toBe(14);
  });
});
