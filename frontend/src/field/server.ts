// The server's side of docs/sync.md, as this app calls it. Nothing here decides or stores.
import { Upload } from "tus-js-client";

export const PROTOCOL = 1;
export const PIECE = 384 * 1024; // between 256 and 512 kB: a weak network loses little of one

export interface Sent {
  op_id: string;
  seq: number;
  kind: string;
  record: string;
  base_version: number | null;
  depends_on: string[];
  occurred_at: string;
  data: Record<string, unknown>;
}

export interface Trouble {
  type?: string;
  code?: string;
  title?: string;
  message?: string;
  detail?: string;
  errors?: { field: string; message: string }[];
  [more: string]: unknown;
}

export interface Result {
  op_id: string | null;
  status: "applied" | "duplicate" | "conflict" | "rejected" | "held";
  stored?: boolean;
  complete?: boolean;
  result: unknown;
  problem: Trouble | null;
}

export interface Pushed {
  epoch: string;
  clock_difference: number;
  results: Result[];
}

export interface Registered {
  device: string;
  token: string;
  epoch: string;
  marker: string;
  keep_days?: number;
  worker?: string;
  evicted: Evicted | null;
}

export interface Evicted {
  name: string;
  last_seen_on: string;
  operations: number;
  attachments: number;
}

export interface PulledRow {
  kind: string;
  id: string;
  version: number;
  data: Record<string, unknown> | null;
}

export interface Pulled {
  epoch: string;
  cursor: string;
  more: boolean;
  reset?: boolean;
  expires_at?: string;
  rows: PulledRow[];
}

export interface Standing {
  epoch: string;
  marker: string;
  worker?: string;
  more: boolean;
  operations: {
    op_id: string;
    seq: number;
    status: Result["status"];
    missing: string[];
    result: unknown;
    problem: Trouble | null;
  }[];
  attachments: { attachment: string; status: string; sha256: string; problem: unknown }[];
}

export interface ToSend {
  id: string;
  record: string;
  sha256: string;
  media: string;
  bytes: ArrayBuffer;
  begun: boolean;
}

export interface Server {
  register(name: string, app: string, schema: number, worker?: string): Promise<Registered>;
  push(token: string, body: object): Promise<Pushed>;
  pull(token: string, cursor: string): Promise<Pulled>;
  standing(token: string, after: number): Promise<Standing>;
  send(token: string, file: ToSend, moved: () => void): Promise<string>; // the hash the server saw
}

/** The server said no to a whole request; `code` is from the table in docs/sync.md. */
export class Refused extends Error {
  override name = "Refused";
  status: number;
  code: string;
  wait: number;
  constructor(status: number, code: string, title: string, wait = 0) {
    super(title);
    this.status = status;
    this.code = code;
    this.wait = wait;
  }
}

/** Nothing is known about what became of the request. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

export function codeOf(trouble: Trouble | null): string {
  return trouble?.code ?? trouble?.type?.split("/").at(-1) ?? "unknown";
}

const PATIENCE = 60_000; // without anything that moves; on a slow line a page may take many minutes

/** Gives up where nothing moves any more; whoever hears something move begins to wait anew. */
function waiting(givesUp: () => void): { moves: () => void; ends: () => void } {
  let left: ReturnType<typeof setTimeout> | undefined;
  const ends = () => clearTimeout(left);
  const moves = () => {
    ends();
    left = setTimeout(givesUp, PATIENCE);
  };
  moves();
  return { moves, ends };
}

/** Until the answer begins nothing can be seen to move: so what is sent at once must not be large. */
export async function call<T>(address: string, options: RequestInit = {}): Promise<T> {
  const line = new AbortController();
  const { moves, ends } = waiting(() => line.abort());
  try {
    const answer = await fetch(address, { ...options, signal: line.signal, redirect: "error" });
    const text = await whole(answer, moves);
    if (!answer.ok) throw refusal(answer, text);
    return JSON.parse(text) as T;
  } catch (error) {
    throw error instanceof Refused ? error : new Unreachable();
  } finally {
    ends();
  }
}

async function whole(answer: Response, moves: () => void): Promise<string> {
  const decoder = new TextDecoder();
  const reader = answer.body?.getReader();
  let text = "";
  for (;;) {
    moves();
    const part = await reader?.read();
    if (part === undefined || part.done) return text + decoder.decode();
    text += decoder.decode(part.value, { stream: true });
  }
}

function refusal(answer: Response, text: string): Error {
  if (answer.status >= 500) return new Unreachable();
  const trouble = troubleIn(text);
  return new Refused(
    answer.status,
    codeOf(trouble),
    trouble.title ?? "",
    Number(answer.headers.get("Retry-After") ?? 0),
  );
}

/** An answer without words is none: the status says enough. */
function troubleIn(text: string): Trouble {
  try {
    return (JSON.parse(text) ?? {}) as Trouble;
  } catch {
    return {};
  }
}

function cookie(name: string): string {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? "";
}

/** The page comes out of the phone's own cache: only the network gives it a new CSRF cookie. */
async function csrf(): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE);
  if (!cookie("csrftoken")) await fetch("/field/?csrf", { cache: "no-store", signal }).catch(() => undefined);
  return cookie("csrftoken");
}

/** Whether the session is over: the server answers that with a way to another page. */
export async function signOut(): Promise<boolean> {
  try {
    const answer = await fetch("/accounts/logout/", {
      method: "POST",
      headers: { "X-CSRFToken": await csrf() },
      signal: AbortSignal.timeout(PATIENCE),
      redirect: "manual",
    });
    return answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}

const API = "/field/api/v1";
const JSON_ = { "Content-Type": "application/json" };

export function overHttp(language: () => string): Server {
  const head = (token: string) => ({ Authorization: `Device ${token}`, "Accept-Language": language() });
  return {
    async register(name, app, schema, worker) {
      return call(`${API}/devices`, {
        method: "POST",
        headers: { ...JSON_, "X-CSRFToken": await csrf(), "Accept-Language": language() },
        body: JSON.stringify({ name, app, schema, worker }),
      });
    },
    push: (token, body) =>
      call(`${API}/push`, { method: "POST", headers: { ...JSON_, ...head(token) }, body: JSON.stringify(body) }),
    pull: (token, cursor) =>
      call(`${API}/pull${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`, { headers: head(token) }),
    standing: (token, after) => call(`${API}/standing?after=${after}`, { headers: head(token) }),
    send: (token, file, moved) => sendFile(head(token), file, moved),
  };
}

const FILES = "/field/files/";

type Sender = new (...given: ConstructorParameters<typeof Upload>) => Pick<Upload, "start" | "abort">;

/** A line on which nothing moves any more is given up; what the server has of the file it keeps, and
 * the next try goes on from there. */
export function sendFile(
  headers: Record<string, string>,
  file: ToSend,
  moved: () => void,
  With: Sender = Upload,
): Promise<string> {
  return new Promise((done, failed) => {
    const { moves, ends } = waiting(() => {
      void upload.abort().catch(() => undefined);
      failed(new Unreachable());
    });
    const upload = new With(new Blob([file.bytes], { type: file.media }), {
      endpoint: FILES,
      uploadUrl: file.begun ? FILES + file.id : null,
      chunkSize: PIECE,
      headers,
      retryDelays: [0, 1000, 3000],
      storeFingerprintForResuming: false,
      removeFingerprintOnSuccess: true,
      metadata: { attachment: file.id, record: file.record, sha256: file.sha256, media: file.media },
      onBeforeRequest: moves,
      onProgress: moves,
      onUploadUrlAvailable: moved,
      onChunkComplete: moved,
      onSuccess: ({ lastResponse }) => {
        ends();
        done(lastResponse.getHeader("Upload-Sha256") ?? "");
      },
      onError: (error) => {
        ends();
        failed(whatWentWrong(error));
      },
    });
    upload.start();
  });
}

function whatWentWrong(error: unknown): Error {
  const answer = (error as { originalResponse?: { getStatus(): number; getBody(): string } | null }).originalResponse;
  const status = answer?.getStatus() ?? 0;
  if (!answer || status === 0 || status >= 500) return new Unreachable();
  const trouble = troubleIn(answer.getBody());
  return new Refused(status, codeOf(trouble), trouble.title ?? "");
}
