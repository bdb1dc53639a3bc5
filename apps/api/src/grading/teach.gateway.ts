import { ModuleRef } from '@nestjs/core';
import { WebSocketGateway, type OnGatewayInit } from '@nestjs/websockets';
import type { Namespace as IoNamespace } from 'socket.io';
import type { Actor } from '#libs/identity';
import { handlersOf } from '../realtime/handlers.js';
import { SocketDoor } from '../realtime/socket-door.js';
import { TeachHandlers } from './teach.handlers.js';

const welcome = ['teacher', 'admin', 'service'];

/** Who answers in the teachers' namespace; each is a provider of the module of its domain. */
const teachHandlers = [TeachHandlers];

/** The teachers' namespace. A socket hears the courses that it has asked to watch. */
@WebSocketGateway({ namespace: '/teach' })
export class TeachGateway implements OnGatewayInit<IoNamespace> {
  constructor(
    private readonly door: SocketDoor,
    private readonly modules: ModuleRef,
  ) {}

  afterInit(namespace: IoNamespace): void {
    this.door.open('/teach', namespace, handlersOf(this.modules, teachHandlers), () => undefined);
    // The door has let in somebody who is signed in; this namespace is for those who may teach.
    namespace.use((socket, next) => {
      const { roles } = socket.data.actor as Actor;
      if (roles.some((role) => welcome.includes(role))) return next();
      const data = { code: 'FORBIDDEN', message: 'Only teachers, administrators and services connect here.' };
      next(Object.assign(new Error(data.message), { data }));
    });
  }
}
