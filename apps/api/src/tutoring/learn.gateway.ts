import { ModuleRef } from '@nestjs/core';
import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import type { Namespace as IoNamespace } from 'socket.io';
import { learnerStream } from '#libs/kernel';
import { roomOf } from '#libs/composition';
import { WorkHandlers } from '../grading/work.handlers.js';
import { handlersOf } from '../realtime/handlers.js';
import { SocketDoor } from '../realtime/socket-door.js';
import { SampleHandlers } from './sample.handlers.js';
import { ResponseHandlers } from './response.handlers.js';
import { SessionHandlers } from './session.handlers.js';

/** Who answers in the learners' namespace; each is a provider of the module of its domain. */
const learnHandlers = [SessionHandlers, ResponseHandlers, SampleHandlers, WorkHandlers];

/** The learners' namespace. Each socket hears its learner's stream. */
@WebSocketGateway({ namespace: '/learn' })
export class LearnGateway implements OnGatewayInit<IoNamespace> {
  constructor(
    private readonly door: SocketDoor,
    private readonly modules: ModuleRef,
  ) {}

  afterInit(namespace: IoNamespace): void {
    this.door.open('/learn', namespace, handlersOf(this.modules, learnHandlers), (socket, actor) =>
      socket.join(roomOf(actor.institutionId, learnerStream(actor.userId))),
    );
  }
}
