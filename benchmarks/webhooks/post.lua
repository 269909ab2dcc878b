-- What wrk sends: one signed payload, each time with an id of its own.
-- Arguments: file of the payload, signature, path, first part of the ids.
local body, signature, path, prefix
local sent = 0

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  body = file:read("*a")
  file:close()
  signature, path, prefix = arguments[2], arguments[3], arguments[4]
end

function request()
  sent = sent + 1
  return wrk.format("POST", path, {
    ["Content-Type"] = "application/json",
    ["User-Agent"] = "GitHub-Hookshot/benchmark",
    ["X-GitHub-Event"] = "pull_request",
    ["X-GitHub-Delivery"] = string.format("%s-%012x", prefix, sent),
    ["X-GitHub-Hook-Installation-Target-ID"] = "1",
    ["X-GitHub-Hook-Installation-Target-Type"] = "integration",
    ["X-Hub-Signature-256"] = "sha256=" .. signature,
  }, body)
end

function done(summary, latency)
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("figures %d %d %d %d\n",
    summary.requests, summary.duration, latency:percentile(99), summary.errors.status + broken))
end
