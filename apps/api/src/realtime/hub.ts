import type { Server, Socket } from 'socket.io';
import { courseStream, EventPublisher, type StreamedEvent } from '#libs/kernel';
import {
  emitTo,
  interruptedEvent,
  roomOf,
  RoomEventPublisher,
  type Cluster,
  type RoomEmitter,
} from '#libs/composition';
import { eventMap, type Namespace } from '#libs/contracts';
import type { Actor, RevocationNotifier } from '#libs/identity';

/** The room of one teacher's sockets that watch a course. */
function watcherRoom(institutionId: string, courseId: string, userId: string): string {
  return `${institutionId}:watcher/${courseId}/${userId}`;
}

const namespaces = Object.keys(eventMap) as Namespace[];

/** The room of all sockets that came with one credential. */
export function credentialRoom(institutionId: string, credentialId: string): string {
  return `${institutionId}:credential/${credentialId}`;
}

/** The one way from use cases to sockets. Before the server listens there is nobody to tell. */
export class RealtimeHub extends EventPublisher implements RevocationNotifier {
  private server: Server | null = null;
  private cluster: Cluster | null = null;
  private readonly emitter: RoomEmitter = {
    emit: (namespace, room, event, payload) => {
      if (this.server !== null && this.cluster !== null) {
        emitTo(this.cluster, this.server.of(namespace), room, event, payload);
      }
    },
  };
  private readonly publisher = new RoomEventPublisher(this.emitter);

  attach(server: Server, cluster: Cluster): void {
    this.server = server;
    this.cluster = cluster;
    cluster.onInterrupted((reach) => {
      for (const name of namespaces) {
        const namespace = server.of(name);
        (reach === 'here' ? namespace.local : namespace).emit(interruptedEvent, {});
      }
    });
  }

  /** Sockets that are connected to this process. */
  localSockets(): Socket[] {
    return namespaces.flatMap((name) => [...(this.server?.of(name).sockets.values() ?? [])]);
  }

  /** Lets a socket hear what the teachers of a course hear. */
  async watch(socket: Socket, { institutionId, userId }: Actor, courseId: string): Promise<void> {
    await socket.join([roomOf(institutionId, courseStream(courseId)), watcherRoom(institutionId, courseId, userId)]);
  }

  /** The courses that a socket watches, by id. */
  watchedCourses(socket: Socket, { institutionId }: Actor): string[] {
    const start = roomOf(institutionId, courseStream(''));
    return [...socket.rooms].filter((room) => room.startsWith(start)).map((room) => room.slice(start.length));
  }

  /** Lets no socket of somebody hear a course any more, wherever it is connected, and says so. */
  teachingEnded(institutionId: string, courseId: string, userId: string): void {
    const room = watcherRoom(institutionId, courseId, userId);
    const watching = this.server?.of('/teach').in(room);
    watching?.emit('watch.ended', { courseId });
    watching?.socketsLeave([roomOf(institutionId, courseStream(courseId)), room]);
  }

  override publish(events: readonly StreamedEvent[]): void {
    this.publisher.publish(events);
  }

  async credentialsRevoked(institutionId: string, credentialIds: readonly string[]): Promise<void> {
    for (const namespace of namespaces) {
      for (const credentialId of credentialIds) {
        const sockets = this.server?.of(namespace).in(credentialRoom(institutionId, credentialId));
        sockets?.emit('connection.refused', { code: 'UNAUTHENTICATED', message: 'This sign-in has ended.' });
        sockets?.disconnectSockets(true);
      }
    }
  }
}
