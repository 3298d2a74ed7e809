// A list that is ticked: how it stands on the server, and over it what this phone did since.
import type { Meta, Operation } from "./db.ts";
import type { Person, Task } from "./shapes.ts";
import { isOnlyHere } from "./tray.ts";

export interface Line extends Person {
  at: string; // of this phone's last tick; "" where another way was quicker
  refused: string; // why the server did not take one
  back: string; // this phone's last tick, as long as it can be taken back
}

interface Did {
  operation: Pick<Operation, "op_id" | "kind" | "record" | "seq" | "tried" | "state" | "occurred_at" | "problem" | "result">;
  data: Record<string, unknown>;
}

const COUNTS = ["waiting", "held", "applied"];

/** Nobody goes back from "gone" to "here": what is further along counts. */
export function ticked(one: Pick<Task, "id" | "people">, done: Did[], rescued?: Meta["rescued"]): Line[] {
  const mine = done.filter(({ operation }) => operation.kind === "task" && operation.record === one.id);
  const old = mine.sort((a, b) => a.operation.seq - b.operation.seq);
  return (one.people ?? []).map((person) => {
    const line: Line = { ...person, at: "", refused: "", back: "" };
    for (const { operation, data } of old) {
      if ((data.given as { person?: string } | undefined)?.person !== person.id) continue;
      if (operation.state === "rejected") line.refused = operation.problem?.message ?? "";
      if (!COUNTS.includes(operation.state)) continue;
      if (line.state !== "gone") line.at = "";
      if (line.state !== "gone") line.state = data.action === "gone" ? "gone" : "here";
      const first = !(operation.result as { already?: boolean } | null)?.already;
      if (line.state === data.action && first) line.at = operation.occurred_at;
      line.refused = "";
      line.back = isOnlyHere(operation, rescued) ? operation.op_id : "";
    }
    return line;
  });
}
