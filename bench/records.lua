-- PutRecord: records of nine features, each with an identifier of its own. GetRecord and BatchGetRecord: some of the first of round 0.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local headers = {
  ["Authorization"] = "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/sagemaker/aws4_request, SignedHeaders=host, Signature=0",
  ["Content-Type"] = "application/json",
}
local features = {
  "time", "2026-01-01T00:00:00Z", "age", "34", "gender", "Female", "device_type", "Mobile", "ad_position", "Top",
  "browsing_history", "Shopping", "time_of_day", "Evening", "click", "1",
}
local rest = {}
for i = 1, #features, 2 do
  rest[#rest + 1] = string.format(',{"FeatureName":"%s","ValueAsString":"%s"}', features[i], features[i + 1])
end
rest = table.concat(rest) .. "]}"

function init(arguments)
  run, operation = arguments[1], arguments[2]
end

local sent = 0
local known, batch = 500, 10

-- wrk shares the machine with what it measures: what is the same in each request is put together once
local head, tail

local function put()
  local id = string.format("%s-%d-%09d", run, number, sent)
  if not head then
    local request = wrk.format("PUT", "/FeatureGroup/bench", headers, '{"Record":[{"FeatureName":"id","ValueAsString":"' .. id .. '"}' .. rest)
    local from, to = string.find(request, id, 1, true)
    head, tail = string.sub(request, 1, from - 1), string.sub(request, to + 1)
  end
  return head .. id .. tail
end

local function get()
  local id = string.format("0-%d-%09d", number, 1 + sent % known)
  if not head then
    local request = wrk.format("GET", "/FeatureGroup/bench?RecordIdentifierValueAsString=" .. id, headers)
    local from, to = string.find(request, id, 1, true)
    head, tail = string.sub(request, 1, from - 1), string.sub(request, to + 1)
  end
  return head .. id .. tail
end

local function get_batch()
  local identifiers = {}
  for i = 1, batch do
    identifiers[i] = string.format('"0-%d-%09d"', number, 1 + (sent + i * 37) % known)
  end
  local body = '{"Identifiers":[{"FeatureGroupName":"bench","RecordIdentifiersValueAsString":[' .. table.concat(identifiers, ",") .. "]}]}"
  return wrk.format("POST", "/BatchGetRecord", headers, body)
end

local requests = { PutRecord = put, GetRecord = get, BatchGetRecord = get_batch }

function request()
  sent = sent + 1
  return requests[operation]()
end

-- one line that the shell reads: requests, microseconds, microseconds at the 99th percentile, failures
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d\n", summary.requests, summary.duration, latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
