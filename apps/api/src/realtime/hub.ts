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
import type { RevocationNotifier } from '#libs/identity';

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

  /** The room that hears what the teachers of a course hear. */
  courseRoom(institutionId: string, courseId: string): string {
    return roomOf(institutionId, courseStream(courseId));
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
