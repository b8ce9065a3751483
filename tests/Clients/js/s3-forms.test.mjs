import { createHmac } from "node:crypto";
import http from "node:http";
import { test, before } from "node:test";
import assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";

const client = new s3.S3Client({ maxAttempts: 1 });
const send = (name, input = {}) => client.send(new s3[name + "Command"]({ Bucket, ...input }));
const sign = (input) => createPresignedPost(client, { Bucket, Key: "k", Conditions: [], ...input });
const Bucket = "forms";

/** Sends a form as a browser does; the answer's status, headers and text. */
async function submit({ url, fields }, file = "content", { name, changes = {} } = {}) {
  const form = new FormData();
  for (const [field, value] of Object.entries({ ...fields, ...changes })) {
    if (value !== undefined) {
      form.append(field, value);
    }
  }
  if (file !== null) {
    form.append("file", new Blob([file]), name ?? "browser.txt");
  }
  const answer = await fetch(url, { method: "POST", body: form, redirect: "manual" });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** A form with another policy, signed anew. */
function resign({ url, fields }, policy) {
  const scope = fields["X-Amz-Credential"].split("/").slice(1);
  const key = scope.reduce((k, part) => createHmac("sha256", k).update(part).digest(), "AWS4" + process.env.AWS_SECRET_ACCESS_KEY);
  return { url, fields: { ...fields, Policy: policy, "X-Amz-Signature": createHmac("sha256", key).update(policy).digest("hex") } };
}

async function refuses(answer, status, code, message = "") {
  const { status: given, text } = await answer;
  assert.equal(given, status, text);
  assert.ok(text.includes(`<Code>${code}</Code>`) && text.includes(message), text);
}

before(async () => {
  await send("CreateBucket");
  await send("CreateBucket", { Bucket: "forms-other" });
});

test("a form puts the object that it describes", async () => {
  const Fields = {
    "Content-Type": "text/csv", "Cache-Control": "no-store", "x-amz-meta-Source": "a browser", "x-amz-storage-class": "STANDARD_IA", acl: "bucket-owner-full-control",
    tagging: "<Tagging><TagSet><Tag><Key>a + b</Key><Value>1</Value></Tag></TagSet></Tagging>", "x-ignore-this": "whatever",
  };
  const Conditions = [["starts-with", "$key", "up/"], ["content-length-range", 1, 100]];
  const made = await sign({ Key: "up/${filename}", Fields, Conditions });
  const answer = await submit(made, "a,b\n1,2\n", { name: "C:\\data\\ü 1.csv" });
  assert.equal(answer.status, 204, answer.text);
  assert.equal(answer.headers.get("location"), `${process.env.AWS_ENDPOINT_URL}/${Bucket}/up/${encodeURIComponent("ü 1.csv")}`);
  const got = await send("GetObject", { Key: "up/ü 1.csv", ChecksumMode: "ENABLED" });
  assert.equal(await got.Body.transformToString(), "a,b\n1,2\n");
  assert.equal(got.ETag, answer.headers.get("etag"));
  assert.equal(got.ChecksumCRC64NVME, answer.headers.get("x-amz-checksum-crc64nvme"));
  assert.deepEqual([got.ContentType, got.CacheControl, got.Metadata, got.StorageClass], ["text/csv", "no-store", { source: "a browser" }, "STANDARD_IA"]);
  assert.deepEqual((await send("GetObjectTagging", { Key: "up/ü 1.csv" })).TagSet, [{ Key: "a + b", Value: "1" }]);
});

test("a form says how it is answered", async () => {
  const respond = async (Fields) => submit(await sign({ Key: "answered", Fields }), "x");
  assert.equal((await respond({ success_action_status: "200" })).status, 200);
  assert.equal((await respond({ success_action_status: "404" })).status, 204);
  const created = await respond({ success_action_status: "201" });
  assert.equal(created.status, 201);
  assert.match(created.text, /<PostResponse.*<Location>http.*\/forms\/answered<\/Location><Bucket>forms<\/Bucket><Key>answered<\/Key><ETag>"9dd4e461268c8034f5c8564e155c67a6"</);
  const redirected = await respond({ success_action_redirect: "https://page.example/done?a=1" });
  assert.equal(redirected.status, 303);
  assert.equal(redirected.headers.get("location"), "https://page.example/done?a=1&bucket=forms&key=answered&etag=%229dd4e461268c8034f5c8564e155c67a6%22");
  assert.equal((await respond({ success_action_redirect: "nowhere" })).status, 204);
});

test("a form's policy holds", async () => {
  const denied = (answer, message) => refuses(answer, 403, "AccessDenied", `Invalid according to Policy: ${message}`);
  const made = await sign({ Key: "policy", Fields: { "Content-Type": "image/png" }, Conditions: [["eq", "$x-amz-meta-a", "1"], ["starts-with", "$Content-Type", "image/"]] });
  const changes = { "x-amz-meta-a": "1" };
  assert.equal((await submit(made, "x", { changes })).status, 204);
  await denied(submit(made, "x", { changes: { "x-amz-meta-a": "2" } }), 'Policy Condition failed: ["eq", "$x-amz-meta-a", "1"]');
  await denied(submit(made, "x", { changes: { ...changes, "Content-Type": "text/html" } }), 'Policy Condition failed: ["starts-with", "$Content-Type", "image/"]');
  await denied(submit(made, "x", { changes: { ...changes, "Content-Type": "image/gif" } }), 'Policy Condition failed: ["eq", "$Content-Type", "image/png"]');
  await denied(submit(made, "x", { changes: { ...changes, key: "other" } }), 'Policy Condition failed: ["eq", "$key", "policy"]');
  await denied(submit(made, "x", { changes: { ...changes, "X-Amz-Meta-B": "1" } }), "Extra input fields: x-amz-meta-b");
  await denied(submit(await sign({ Expires: -1 })), "Policy expired.");
  await denied(submit({ ...(await sign({})), url: `${process.env.AWS_ENDPOINT_URL}/forms-other` }), 'Policy Condition failed: ["eq", "$bucket", "forms"]');
  await refuses(submit({ ...(await sign({})), url: `${process.env.AWS_ENDPOINT_URL}/forms-nowhere` }), 404, "NoSuchBucket");
  const types = await sign({ Conditions: [["starts-with", "$Content-Type", "image/"]] });
  assert.equal((await submit(types, "x", { changes: { "Content-Type": "image/png,image/jpeg" } })).status, 204);
  await denied(submit(types, "x", { changes: { "Content-Type": "image/png,text/html" } }), 'Policy Condition failed: ["starts-with"');
  await denied(submit(await sign({ Conditions: [["eq", "key", "k"]] })), 'Policy Condition failed: ["eq", "key", "k"]');
});

test("a form's policy is signed, by version 2 too", async () => {
  const made = await sign({ Key: "signed" });
  const policy = btoa(JSON.stringify({ expiration: new Date(Date.now() + 600_000).toISOString(), conditions: [{ key: "signed" }] }));
  const version2 = { key: "signed", AWSAccessKeyId: process.env.AWS_ACCESS_KEY_ID, policy, signature: createHmac("sha1", process.env.AWS_SECRET_ACCESS_KEY).update(policy).digest("base64") };
  assert.equal((await submit({ url: made.url, fields: version2 })).status, 204);
  await refuses(submit({ url: made.url, fields: { ...version2, signature: "AAAA" } }), 403, "SignatureDoesNotMatch");
  await refuses(submit({ url: made.url, fields: { ...version2, signature: undefined } }), 400, "InvalidArgument", "must contain a field named 'Signature'");
  await refuses(submit(made, "x", { changes: { Policy: policy } }), 403, "SignatureDoesNotMatch");
  await refuses(submit(made, "x", { changes: { "X-Amz-Signature": "0".repeat(64) } }), 403, "SignatureDoesNotMatch");
  await refuses(submit(made, "x", { changes: { "X-Amz-Credential": made.fields["X-Amz-Credential"].replace(process.env.AWS_ACCESS_KEY_ID, "AKIANOBODY") } }), 403, "InvalidAccessKeyId");
});

test("a form's file has the size that it may have", async () => {
  const made = await sign({ Key: "sized", Conditions: [["content-length-range", 5, "10"]] });
  await refuses(submit(made, "a".repeat(12)), 400, "EntityTooLarge", "<ProposedSize>12</ProposedSize><MaxSizeAllowed>10</MaxSizeAllowed>");
  await refuses(submit(made, "a"), 400, "EntityTooSmall", "<ProposedSize>1</ProposedSize><MinSizeAllowed>5</MinSizeAllowed>");
  await assert.rejects(send("HeadObject", { Key: "sized" }), { name: "NotFound" });
  assert.equal((await submit(made, "a".repeat(5))).status, 204);
  assert.equal((await submit(made, "a".repeat(10))).status, 204);
  await refuses(submit(await sign({ Conditions: [["content-length-range", "few", 10]] })), 403, "AccessDenied", '["content-length-range", "few", "10"]');
});

test("what is no such form is refused in S3's words", async () => {
  const made = await sign({});
  const policy = (value) => submit(resign(made, typeof value === "string" ? value : btoa(JSON.stringify(value))), "x");
  const expiration = new Date(Date.now() + 600_000).toISOString();
  await refuses(submit(made, null), 400, "InvalidArgument", "exactly one file");
  await refuses(submit(made, "x", { changes: { key: undefined } }), 403, "AccessDenied", '["eq", "$key", "k"]');
  await refuses(submit(made, "x", { changes: { "X-Amz-Signature": undefined } }), 400, "InvalidArgument", "must contain a field named 'X-Amz-Signature'");
  await refuses(submit({ url: made.url, fields: { key: "k" } }), 403, "AccessDenied", "not signed");
  await refuses(policy("*"), 400, "InvalidPolicyDocument", "Base64");
  await refuses(policy(btoa("{")), 400, "InvalidPolicyDocument", "Invalid JSON: it isn't JSON: line 1");
  await refuses(policy(btoa('{"expiration":"\\ud800"}')), 400, "InvalidPolicyDocument", "half a surrogate pair");
  await refuses(policy({ conditions: [] }), 400, "InvalidPolicyDocument", "Policy missing expiration.");
  await refuses(policy({ expiration }), 400, "InvalidPolicyDocument", "Policy missing conditions.");
  await refuses(policy({ expiration: "soon", conditions: [] }), 400, "InvalidPolicyDocument", "Invalid 'expiration' value: 'soon'");
  await refuses(policy({ expiration, conditions: [{ key: "k", bucket: Bucket }] }), 400, "InvalidPolicyDocument", "Simple-Conditions must have exactly one property");
  await refuses(policy({ expiration, conditions: [["like", "$key", "k"]] }), 400, "InvalidPolicyDocument", "unknown operator");
  await refuses(submit(made, "x", { changes: { "x-ignore-much": "x".repeat(21_000) } }), 400, "MaxPostPreDataLengthExceeded");
  const acl = await sign({ Fields: { acl: "public-read" } });
  await refuses(submit(acl), 400, "AccessControlListNotSupported");
  const lock = await sign({ Fields: { "x-amz-object-lock-mode": "GOVERNANCE" } });
  await refuses(submit(lock), 501, "NotImplemented", "S3.PostObject with the header x-amz-object-lock-mode");
  const plain = await fetch(made.url, { method: "POST", body: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } });
  assert.equal(plain.status, 403);
  assert.match(await plain.text(), /AccessDenied/);
});

test("what no request could name or give back is refused", async () => {
  for (const Key of ["../../up", "a/../../../b", "a\0b"]) {
    await refuses(submit(await sign({ Key })), 400, "InvalidURI", "Couldn't parse the specified URI.");
  }
  for (const name of ["ü", "a b", "a:b", "(a)"]) {
    await refuses(submit(await sign({ Fields: { [`x-amz-meta-${name}`]: "v" } })), 400, "InvalidArgument", "The name of a metadata entry");
  }
  const { status } = await submit(await sign({ Key: "a/../b", Fields: { "x-amz-meta-!a.b~": "v" } }));
  assert.equal(status, 204);
  await assert.rejects(send("GetObject", { Key: "a\0b" }));
});

test("a body that is cut off, or no multipart at all, leaves nothing", async () => {
  const { url, fields } = await sign({ Key: "broken" });
  const parts = Object.entries(fields).map(([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`).join("");
  const file = '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n';
  const post = (body, type = "multipart/form-data; boundary=b") => fetch(url, { method: "POST", body, headers: { "content-type": type } }).then(async (a) => ({ status: a.status, text: await a.text() }));
  for (const body of ["", "nothing of it", parts, parts + file, parts + file + "half of the f", "--b\r\nNo-Name: x\r\n\r\n1\r\n--b--\r\n"]) {
    await refuses(post(body), 400, body === parts + "--b--" ? "InvalidArgument" : "MalformedPOSTRequest");
  }
  await refuses(post(parts + "--b--\r\n"), 400, "InvalidArgument", "exactly one file");
  await refuses(post("x", `multipart/form-data; boundary=${"b".repeat(80)}`), 400, "MalformedPOSTRequest", "boundary");
  await assert.rejects(send("HeadObject", { Key: "broken" }), { name: "NotFound" });
  assert.equal((await post(parts + file + "whole\r\n--b--\r\n")).status, 204);
  assert.equal((await send("HeadObject", { Key: "broken" })).ContentLength, 5);
});

test("a script of an allowed origin may send a form, by the bucket's host name too", async () => {
  await send("PutBucketCors", { CORSConfiguration: { CORSRules: [{ AllowedOrigins: ["https://page.example"], AllowedMethods: ["POST"] }] } });
  const { url, fields } = await sign({ Key: "hosted" });
  const form = new FormData();
  Object.entries({ ...fields, file: new Blob(["x"]) }).forEach(([name, value]) => form.append(name, value));
  const body = new Response(form);
  const headers = { host: `${Bucket}.s3.localhost`, origin: "https://page.example", "content-type": body.headers.get("content-type") };
  const bytes = Buffer.from(await body.arrayBuffer());
  const answer = await new Promise((resolve, reject) => {
    const at = new URL(url);
    http.request({ host: at.hostname, port: at.port, path: "/", method: "POST", headers, agent: false }, resolve).on("error", reject).end(bytes);
  });
  assert.equal(answer.statusCode, 204);
  assert.equal(answer.headers["access-control-allow-origin"], "https://page.example");
  assert.equal(answer.headers.location, `http://${Bucket}.s3.localhost/hosted`);
});
