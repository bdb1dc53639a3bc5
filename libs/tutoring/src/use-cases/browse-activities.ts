import type { Clock, Page } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { ActivityKind, CourseAccess } from '#libs/learning';
import { toActivityView, type ActivityView } from '../model/activity-view.js';
import type { CatalogueActivity } from '../model/course-catalogue.js';
import type { CatalogueSource } from '../ports.js';

/** Which activities a page is of. */
export interface BrowseRequest {
  readonly first: number;
  /** Number of the last activity of the page before. */
  readonly after: number | null;
  readonly kind: ActivityKind | null;
  /** Null speaks the actor's own language. */
  readonly language: string | null;
}

/** An activity as a learner sees it, with its number in the course. */
export interface BrowsedActivity extends ActivityView {
  readonly number: number;
}

/**
 * Lists the activities that are taught, for everybody who takes part; work that has not opened yet is not among them.
 * It is answered from the catalogues in memory: the database is asked for roles, revisions and dates only.
 */
export class BrowseActivities {
  constructor(
    private readonly access: CourseAccess,
    private readonly catalogues: CatalogueSource,
    private readonly clock: Clock,
  ) {}

  /** Pages by course; courses that the actor has nothing to do with are left out. */
  async execute(
    actor: Actor,
    courseIds: readonly string[],
    request: BrowseRequest,
  ): Promise<ReadonlyMap<string, Page<BrowsedActivity>>> {
    const roles = await this.access.rolesIn(actor, courseIds);
    const shelves = await this.catalogues.shelvesOf(actor, [...roles.keys()], new Date(this.clock.now()));
    const pages = await Promise.all(
      [...shelves].map(async ([courseId, { revision, unopened, languages }]) => {
        const catalogue = await this.catalogues.getCatalogue(actor, courseId, { revision });
        const found: CatalogueActivity[] = [];
        for (const activity of catalogue?.activities.values() ?? []) {
          if (found.length > request.first) break;
          if (isOnPage(activity, request) && !unopened.has(activity.id)) found.push(activity);
        }
        const spoken = request.language === null ? languages : [request.language];
        const items = found
          .slice(0, request.first)
          .map((activity) => ({ ...toActivityView(activity, spoken), number: activity.number }));
        return [courseId, { items, hasMore: found.length > request.first }] as const;
      }),
    );
    return new Map(pages);
  }
}

function isOnPage({ archived, kind, number }: CatalogueActivity, request: BrowseRequest): boolean {
  return !archived && number > (request.after ?? 0) && (request.kind === null || kind === request.kind);
}
