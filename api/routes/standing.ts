import { object, type Form } from '../form.ts';
import { foundOr404, refused, route, type Office, type Route } from '../route.ts';
import { BY, REASON } from '../shared-forms.ts';

const ORDER = object({ reason: REASON, by: BY });

/** `suspend` and `restore` of a room whose members may trade or not. */
export function standingRoutes<View>(room: {
  readonly path: string;
  readonly what: string;
  readonly id: Form<string>;
  readonly answer: Form<View>;
  readonly find: (office: Office, id: string) => View | undefined;
}): Route[] {
  const { path, what, id, answer, find } = room;
  const act = (name: string, isSuspended: boolean, summary: string): Route =>
    route({
      method: 'post',
      path: `${path}/{id}/${name}`,
      summary,
      id,
      body: ORDER,
      answer,
      problems: [404, 409],
      reply({ office, id: who, body }) {
        foundOr404(find(office, who), what);
        if (office.state.suspended.has(who) === isSuspended) {
          throw refused(`the ${what} ${isSuspended ? 'is suspended already' : 'may trade'}`);
        }
        const why = office.control.setStanding(who, isSuspended, body.reason, body.by);
        if (why !== undefined) throw refused(why);
        return foundOr404(find(office, who), what);
      },
    });
  return [
    act('suspend', true, `the ${what} may not trade until further notice; it may still settle`),
    act('restore', false, `the ${what} may trade again`),
  ];
}
