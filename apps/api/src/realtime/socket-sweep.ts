import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Socket } from 'socket.io';
import { CONFIG, LOGGER } from '#libs/composition';
import { CredentialStanding, type Actor } from '#libs/identity';
import { CourseAccess } from '#libs/learning';
import type { Config } from '#libs/platform';
import { RealtimeHub } from './hub.js';

/**
 * Looks after open sockets at intervals: a credential that no longer stands closes its sockets, and a course that
 * somebody no longer teaches is no longer heard. Both are told at once as well; this catches what was not heard.
 */
@Injectable()
export class SocketSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly hub: RealtimeHub,
    private readonly standing: CredentialStanding,
    private readonly access: CourseAccess,
  ) {}

  onApplicationBootstrap(): void {
    const rest = this.config.SOCKET_SWEEP_SECONDS * 1000;
    const again = (): void => {
      this.timer = setTimeout(() => {
        this.sweep()
          .catch((error: Error) => this.logger.warn({ code: (error as { code?: string }).code }, 'socket sweep failed'))
          .finally(again);
      }, rest).unref();
    };
    again();
  }

  onModuleDestroy(): void {
    clearTimeout(this.timer);
  }

  private async sweep(): Promise<void> {
    const byCredential = new Map<string, Socket[]>();
    for (const socket of this.hub.localSockets()) {
      const { institutionId, credentialId } = socket.data.actor as Actor;
      const key = `${institutionId}/${credentialId}`;
      byCredential.set(key, [...(byCredential.get(key) ?? []), socket]);
    }
    for (const sockets of byCredential.values()) {
      const actor = sockets[0]!.data.actor as Actor;
      if (!(await this.standing.stands(actor))) {
        await this.hub.credentialsRevoked(actor.institutionId, [actor.credentialId ?? '']);
        continue;
      }
      for (const socket of sockets) await this.recheckCourses(socket, actor);
    }
  }

  private async recheckCourses(socket: Socket, actor: Actor): Promise<void> {
    for (const courseId of this.hub.watchedCourses(socket, actor)) {
      if ((await this.access.roleIn(actor, courseId)) === 'teacher') continue;
      this.hub.teachingEnded(actor.institutionId, courseId, actor.userId);
    }
  }
}
