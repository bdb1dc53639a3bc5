import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import type { Namespace as IoNamespace } from 'socket.io';
import { learnerStream } from '#libs/kernel';
import { roomOf } from '#libs/composition';
import { WorkHandlers } from '../grading/work.handlers.js';
import { SocketDoor } from '../realtime/socket-door.js';
import { ResponseHandlers } from './response.handlers.js';
import { SessionHandlers } from './session.handlers.js';

/** The learners' namespace. Each socket hears its learner's stream. */
@WebSocketGateway({ namespace: '/learn' })
export class LearnGateway implements OnGatewayInit<IoNamespace> {
  constructor(
    private readonly door: SocketDoor,
    private readonly session: SessionHandlers,
    private readonly response: ResponseHandlers,
    private readonly work: WorkHandlers,
  ) {}

  afterInit(namespace: IoNamespace): void {
    const handlers = { ...this.session.handlers, ...this.response.handlers, ...this.work.handlers };
    this.door.open('/learn', namespace, handlers, (socket, actor) =>
      socket.join(roomOf(actor.institutionId, learnerStream(actor.userId))),
    );
  }
}
