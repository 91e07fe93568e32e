import { language, said, t } from "./words";

/** What the server says went wrong, in the shape of MinplanError.to_dict. */
export interface Problem {
  code: string;
  message: { zh: string; en: string };
  hint?: { zh: string; en: string } | null;
  place?: Record<string, string | number>;
  faults?: Problem[];
}

/** A request that failed: the server's problem, or the network's. */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(said(problem.message));
  }
}

const OFFLINE: Problem = {
  code: "E931",
  message: { zh: "连接不上服务器", en: "the server cannot be reached" },
  hint: {
    zh: "填写的内容还在本页和本机浏览器中，网络恢复后再试",
    en: "what you entered is kept in this page and this browser; try again when the network is back",
  },
};
const SIGNED_OUT: Problem = {
  code: "E955",
  message: { zh: "登录已过期", en: "the session has expired" },
  hint: {
    zh: "在新标签页登录后回到本页继续，填写的内容不会丢失",
    en: "log in in another tab and come back: nothing entered here is lost",
  },
};

function csrfToken(): string {
  const found = document.cookie.match(/(?:^|;\s*)minplan_csrf=([^;]+)/);
  if (found) return decodeURIComponent(found[1]);
  return document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
}

/** Ask the server; JSON both ways unless the body is a form. Raises Failure. */
export async function ask<T>(
  address: string,
  options: { method?: string; body?: unknown; signal?: AbortSignal } = {},
): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", "X-Language": language };
  let body: BodyInit | undefined;
  if (options.body instanceof FormData) body = options.body;
  else if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  const method = options.method ?? (body === undefined ? "GET" : "POST");
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  let response: Response;
  try {
    response = await fetch(address, { method, headers, body, signal: options.signal });
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new Failure(0, OFFLINE);
  }
  if (response.redirected && new URL(response.url).pathname === "/login")
    throw new Failure(401, SIGNED_OUT);
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Failure(response.status, answer?.error ?? unknown(response.status));
  return answer as T;
}

function unknown(status: number): Problem {
  return {
    code: "E000",
    message: { zh: `服务器返回 ${status}`, en: `the server answered ${status}` },
    hint: { zh: "请稍后再试，或告诉管理员", en: "try again later, or tell the administrator" },
  };
}

/** Show a problem where the page has its place for them (#problems), and read it out. */
export function showProblem(error: unknown, where = document.getElementById("problems")): void {
  if ((error as Error)?.name === "AbortError" || !where) return;
  const problem =
    error instanceof Failure
      ? error.problem
      : { code: "E000", message: { zh: String(error), en: String(error) } };
  where.replaceChildren(
    ...(problem.faults ?? [problem]).map((item) => {
      const box = document.createElement("div");
      box.className = "alert alert-danger";
      box.setAttribute("role", "alert");
      const head = document.createElement("div");
      head.className = "fw-bold";
      head.textContent = said(item.message);
      const code = document.createElement("span");
      code.className = "badge bg-red-lt ms-2";
      code.textContent = item.code;
      head.append(code);
      box.append(head);
      if (item.hint) {
        const hint = document.createElement("div");
        hint.textContent = t("办法：", "Mend: ") + said(item.hint);
        box.append(hint);
      }
      return box;
    }),
  );
  where.scrollIntoView({ block: "nearest" });
}

/** Take the shown problems away. */
export function clearProblems(where = document.getElementById("problems")): void {
  where?.replaceChildren();
}

/** Data the server put into the page with `json_script`. */
export function pageData<T>(id: string): T {
  const element = document.getElementById(id);
  if (!element?.textContent) throw new Error(`no data ${id} in the page`);
  return JSON.parse(element.textContent) as T;
}
