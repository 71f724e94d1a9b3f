import type { HttpAnswer, HttpRequest } from "../platform/network/http-server.js";
import type { MetricsExporter } from "./exporter.js";

const contentTypes = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** The answer to one request of a scraper. `/metrics` can be read, and nothing else. */
export async function answerScrape(
  { method, path, accept }: HttpRequest,
  exporter: Pick<MetricsExporter, "expose">,
  prefersOpenMetrics: boolean,
): Promise<HttpAnswer> {
  if (path !== "/metrics") return plainAnswer(404, "not found; the metrics are at /metrics\n");
  if (method !== "GET" && method !== "HEAD") {
    return plainAnswer(405, "only GET is allowed\n", { allow: "GET, HEAD" });
  }
  const openMetrics = wantsOpenMetrics(accept, prefersOpenMetrics);
  const headers = { "content-type": openMetrics ? contentTypes.openMetrics : contentTypes.prometheus };
  if (method === "HEAD") return { status: 200, headers, body: [] };
  return { status: 200, headers, body: (await exporter.expose()).render({ openMetrics }) };
}

function plainAnswer(status: number, text: string, headers: HttpAnswer["headers"] = {}): HttpAnswer {
  return { status, headers: { ...headers, "content-type": "text/plain; charset=utf-8" }, body: [text] };
}

/** Whether the header Accept asks for OpenMetrics 1.0.0 at least as much as for text. */
export function wantsOpenMetrics(accept: string, otherwise: boolean): boolean {
  const quality = { openMetrics: 0, text: 0, any: 0 };
  for (const range of accept.toLowerCase().split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    const q = Number(parameters.find((part) => part.startsWith("q="))?.slice(2) ?? 1) || 0;
    const version = parameters.find((part) => part.startsWith("version="))?.slice("version=".length);
    if (type === "application/openmetrics-text" && (version ?? "1.0.0") === "1.0.0") {
      quality.openMetrics = Math.max(quality.openMetrics, q);
    } else if (type === "text/plain" || type === "text/*") quality.text = Math.max(quality.text, q);
    else if (type === "*/*") quality.any = Math.max(quality.any, q);
  }
  if (quality.openMetrics === 0 && quality.text === 0) return otherwise;
  return quality.openMetrics > 0 && quality.openMetrics >= Math.max(quality.text, quality.any);
}
