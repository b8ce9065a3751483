import { test, before } from "node:test";
import assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const client = new s3.S3Client({ maxAttempts: 1 });
const send = (name, input = {}) => client.send(new s3[name + "Command"]({ Bucket, ...input }));
const Bucket = "cors";
const Key = "a/b";
const vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";
const put = (...CORSRules) => send("PutBucketCors", { CORSConfiguration: { CORSRules } });

/** A request as a browser sends it; the answer's status, CORS headers and body. */
async function browse(method, { path = `/${Bucket}/${Key}`, origin, asks, asksHeaders, signed = false, body } = {}) {
  const headers = { ...(origin && { origin }), ...(asks && { "access-control-request-method": asks }), ...(asksHeaders && { "access-control-request-headers": asksHeaders }) };
  const command = new s3[method === "PUT" ? "PutObjectCommand" : "GetObjectCommand"]({ Bucket, Key: signed === true ? Key : signed });
  const url = signed ? await getSignedUrl(client, command) : process.env.AWS_ENDPOINT_URL + path;
  const answer = await fetch(url, { method, headers, body });
  const cors = Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith("access-control-") || name === "vary"));
  return { status: answer.status, cors, text: await answer.text() };
}

before(async () => {
  await send("CreateBucket");
  await send("PutObject", { Key, Body: "content" });
});

test("a bucket without rules lets no script in", async () => {
  await assert.rejects(send("GetBucketCors"), { name: "NoSuchCORSConfiguration" });
  const none = await browse("OPTIONS", { origin: "https://a.example", asks: "PUT" });
  assert.equal(none.status, 403);
  assert.match(none.text, /<Code>AccessForbidden<\/Code><Message>CORSResponse: CORS is not enabled for this bucket.<\/Message><Method>PUT<\/Method><ResourceType>BUCKET</);
  const noOrigin = await browse("OPTIONS", { asks: "PUT" });
  assert.equal(noOrigin.status, 400);
  assert.match(noOrigin.text, /<Code>BadRequest<.*Origin request header needed/);
  assert.deepEqual((await browse("GET", { origin: "https://a.example", signed: true })).cors, {});
});

test("the first rule that fits answers a preflight request", async () => {
  const rules = [
    { ID: "app", AllowedOrigins: ["https://*.example", "https://a.test"], AllowedMethods: ["GET", "PUT"], AllowedHeaders: ["x-amz-*", "Content-Type"], ExposeHeaders: ["ETag"], MaxAgeSeconds: 3000 },
    { AllowedOrigins: ["*"], AllowedMethods: ["GET"] },
  ];
  await put(...rules);
  assert.deepEqual((await send("GetBucketCors")).CORSRules, rules);
  const app = { "access-control-allow-origin": "https://a.example", "access-control-allow-methods": "GET, PUT", "access-control-expose-headers": "ETag", "access-control-max-age": "3000", "access-control-allow-credentials": "true", vary };
  assert.deepEqual(await browse("OPTIONS", { origin: "https://a.example", asks: "PUT" }), { status: 200, cors: app, text: "" });
  const withHeaders = await browse("OPTIONS", { origin: "https://a.example", asks: "PUT", asksHeaders: "X-Amz-Meta-A, content-type" });
  assert.deepEqual(withHeaders.cors, { ...app, "access-control-allow-headers": "x-amz-meta-a, content-type" });
  const anyone = { "access-control-allow-origin": "*", "access-control-allow-methods": "GET", vary };
  assert.deepEqual((await browse("OPTIONS", { origin: "http://other", asks: "GET" })).cors, anyone);
  for (const wrong of [{ origin: "http://other", asks: "PUT" }, { origin: "https://a.example", asks: "DELETE" }, { origin: "https://a.test", asks: "PUT", asksHeaders: "authorization" }]) {
    const answer = await browse("OPTIONS", wrong);
    assert.equal(answer.status, 403);
    assert.match(answer.text, /<Code>AccessForbidden<.*This CORS request is not allowed.*<ResourceType>OBJECT</);
    assert.deepEqual(answer.cors, {});
  }
  const ofBucket = await browse("OPTIONS", { path: `/${Bucket}`, origin: "https://a.example", asks: "POST" });
  assert.match(ofBucket.text, /<ResourceType>BUCKET</);
});

test("a script's requests are answered with the rule's headers, errors too", async () => {
  await put({ AllowedOrigins: ["https://a.example"], AllowedMethods: ["GET", "PUT"], ExposeHeaders: ["ETag", "x-amz-request-id"] });
  const cors = { "access-control-allow-origin": "https://a.example", "access-control-allow-methods": "GET, PUT", "access-control-expose-headers": "ETag, x-amz-request-id", "access-control-allow-credentials": "true", vary };
  assert.deepEqual(await browse("GET", { origin: "https://a.example", signed: true }), { status: 200, cors, text: "content" });
  assert.deepEqual(await browse("PUT", { origin: "https://a.example", signed: true, body: "content" }), { status: 200, cors, text: "" });
  const missing = await browse("GET", { origin: "https://a.example", signed: "absent" });
  assert.deepEqual([missing.status, missing.cors], [404, cors]);
  assert.deepEqual(await browse("GET", { origin: "https://b.example", signed: true }), { status: 200, cors: {}, text: "content" });
  assert.deepEqual((await browse("GET", { signed: true })).cors, {});
  await send("DeleteBucketCors");
  assert.deepEqual((await browse("GET", { origin: "https://a.example", signed: true })).cors, {});
});

test("rules that S3 would refuse are refused in its words", async () => {
  const rule = { AllowedOrigins: ["*"], AllowedMethods: ["GET"] };
  await assert.rejects(put({ ...rule, AllowedMethods: ["PATCH"] }), (e) => e.name === "InvalidRequest" && e.message.includes("Unsupported method is PATCH"));
  await assert.rejects(put({ ...rule, AllowedOrigins: ["http://*.a.*"] }), (e) => e.name === "InvalidRequest" && e.message.includes("more than one wildcard"));
  await assert.rejects(put({ ...rule, AllowedHeaders: ["*-*"] }), (e) => e.name === "InvalidRequest" && e.message.includes("more than one wildcard"));
  await assert.rejects(put({ ...rule, ExposeHeaders: ["*"] }), (e) => e.name === "InvalidRequest" && e.message.includes("ExposeHeader"));
  await assert.rejects(put({ AllowedOrigins: ["*"] }), (e) => e.name === "MalformedXML" && e.message.includes("CORSRule[1] needs AllowedMethod"));
  await assert.rejects(put(...Array.from({ length: 101 }, () => rule)), (e) => e.name === "MalformedXML" && e.message.includes("more than 100"));
  await assert.rejects(put(), { name: "MalformedXML" });
});
