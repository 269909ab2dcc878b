// Probot as its documentation sets it up beside a server of one's own: it checks the signature, reads the payload, and
// one handler does nothing. Quieter and quicker than `probot run`, which writes a line for each request.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createNodeMiddleware, Probot } from "probot";

const [port, secret] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});
const probot = new Probot({ appId: 1, privateKey, secret, logLevel: "warn" });
const middleware = await createNodeMiddleware((app) => app.on("pull_request", async () => {}), {
  probot,
  webhooksPath: "/webhook",
});
createServer(async (request, response) => {
  if (!(await middleware(request, response))) response.writeHead(404).end();
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
