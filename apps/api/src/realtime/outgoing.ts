import type { Socket } from 'socket.io';
import { socketLimits } from '#libs/contracts';

type Connection = Socket['conn'];

/**
 * Bounds what waits for a client that does not read: a connection with more than `outgoingBytes` behind it is cut.
 * What was not sent is not lost: the client catches up when it is back.
 * @returns the way to stop looking
 */
export function boundOutgoing(connection: Connection): () => void {
  let waiting = 0;
  const created = ({ data }: { data?: string | Buffer }): void => {
    waiting += data?.length ?? 0;
    if (waiting > socketLimits.outgoingBytes) cut(connection);
  };
  const flushed = (): void => void (waiting = 0);
  connection.on('packetCreate', created);
  connection.on('flush', flushed);
  return () => {
    connection.off('packetCreate', created);
    connection.off('flush', flushed);
  };
}

/** A close in good order would wait until the client has read everything. */
function cut(connection: Connection): void {
  const { socket } = connection.transport as unknown as { socket?: { terminate(): void } };
  if (socket === undefined) connection.close(true);
  else socket.terminate();
}
