import { createHash } from "node:crypto";
import http from "node:http";
import { test, before } from "node:test";
import assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

const client = new s3.S3Client({ maxAttempts: 1 });
const send = (name, input) => client.send(new s3[name + "Command"](input));
const text = async (output) => await output.Body.transformToString();
const Bucket = "objects";

before(async () => {
  await send("CreateBucket", { Bucket });
});

test("keys come back exactly as they were put", async () => {
  const keys = [
    "a b+c", "%2e%2e/x", "../up", "a/../b", "a/./b", "a//b", "/leading", "trailing/", "ü/ß/日本語/😀", "q?x=1&y#z", "a=b;c,d'e\"f<g>", "100%", "\\back", "~!*()@:$", ".",
    "..", "x".repeat(1024), "é".repeat(512),
  ];
  for (const Key of keys) {
    await send("PutObject", { Bucket, Key, Body: `<${Key}>` });
  }
  for (const Key of keys) {
    assert.equal(await text(await send("GetObject", { Bucket, Key })), `<${Key}>`);
  }
  const listed = [];
  for await (const page of s3.paginateListObjectsV2({ client, pageSize: 3 }, { Bucket, EncodingType: "url" })) {
    listed.push(...page.Contents.map((o) => decodeURIComponent(o.Key)));
  }
  assert.deepEqual(listed.toSorted(), keys.toSorted());
  const deleted = await send("DeleteObjects", { Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } });
  assert.equal(deleted.Deleted.length, keys.length);
  assert.equal((await send("ListObjectsV2", { Bucket })).KeyCount, 0);
  await assert.rejects(send("PutObject", { Bucket, Key: "x".repeat(1025), Body: "" }), { name: "KeyTooLongError" });
});

test("metadata and standard headers come back", async () => {
  const put = { ContentType: "text/csv", CacheControl: "no-cache", ContentDisposition: "attachment", ContentEncoding: "deflate, gzip", ContentLanguage: "de", StorageClass: "STANDARD_IA" };
  await send("PutObject", { Bucket, Key: "meta", Body: "x", Metadata: { one: "1", two: "zwei" }, ...put });
  const head = await send("HeadObject", { Bucket, Key: "meta" });
  for (const [name, value] of Object.entries(put)) {
    assert.equal(head[name], value, name);
  }
  assert.deepEqual(head.Metadata, { one: "1", two: "zwei" });
  const other = await send("GetObject", { Bucket, Key: "meta", ResponseContentType: "text/plain", ResponseContentDisposition: "inline" });
  assert.equal(other.ContentType, "text/plain");
  assert.equal(other.ContentDisposition, "inline");
  assert.equal(await text(other), "x");
  await assert.rejects(send("PutObject", { Bucket, Key: "meta", Body: "x", Metadata: { big: "x".repeat(2100) } }), { name: "MetadataTooLarge" });
});

test("ranges", async () => {
  await send("PutObject", { Bucket, Key: "range", Body: "0123456789" });
  const get = async (Range) => {
    const got = await send("GetObject", { Bucket, Key: "range", Range });
    return [await text(got), got.ContentRange];
  };
  assert.deepEqual(await get("bytes=2-4"), ["234", "bytes 2-4/10"]);
  assert.deepEqual(await get("bytes=7-"), ["789", "bytes 7-9/10"]);
  assert.deepEqual(await get("bytes=-3"), ["789", "bytes 7-9/10"]);
  assert.deepEqual(await get("bytes=0-99"), ["0123456789", "bytes 0-9/10"]);
  assert.deepEqual(await get("lines=1"), ["0123456789", undefined]);
  await assert.rejects(get("bytes=10-"), (e) => e.name === "InvalidRange" && e.$metadata.httpStatusCode === 416 && e.ActualObjectSize === "10");
});

test("conditions on reads and writes", async () => {
  const Key = "conditions";
  const { ETag } = await send("PutObject", { Bucket, Key, Body: "one", IfNoneMatch: "*" });
  await assert.rejects(send("PutObject", { Bucket, Key, Body: "two", IfNoneMatch: "*" }), { name: "PreconditionFailed" });
  await assert.rejects(send("PutObject", { Bucket, Key, Body: "two", IfMatch: '"0"' }), { name: "PreconditionFailed" });
  await assert.rejects(send("PutObject", { Bucket, Key: "absent", Body: "two", IfMatch: ETag }), { name: "NoSuchKey" });
  await assert.rejects(send("GetObject", { Bucket, Key, IfNoneMatch: ETag }), (e) => e.$metadata.httpStatusCode === 304);
  await assert.rejects(send("GetObject", { Bucket, Key, IfModifiedSince: new Date("2100-01-01") }), (e) => e.$metadata.httpStatusCode === 304);
  await assert.rejects(send("GetObject", { Bucket, Key, IfUnmodifiedSince: new Date("2000-01-01") }), { name: "PreconditionFailed" });
  await assert.rejects(send("GetObject", { Bucket, Key, IfMatch: '"0"' }), { name: "PreconditionFailed" });
  assert.equal(await text(await send("GetObject", { Bucket, Key, IfMatch: ETag, IfUnmodifiedSince: new Date("2000-01-01") })), "one");
  await send("PutObject", { Bucket, Key, Body: "two", IfMatch: ETag });
  await assert.rejects(send("DeleteObject", { Bucket, Key, IfMatch: ETag }), { name: "PreconditionFailed" });
  assert.equal(await text(await send("GetObject", { Bucket, Key })), "two");
});

test("checksums are verified, kept and given back", async () => {
  const sums = { CRC32: "y/Q5Jg==", CRC32C: "4waSgw==", CRC64NVME: "rosUhgp5mIg=", SHA1: "98O8HYCOBHMq32eZZczDTKeuNEE=", SHA256: createHash("sha256").update("123456789").digest("base64") };
  for (const [name, value] of Object.entries(sums)) {
    const Key = "sum-" + name;
    await send("PutObject", { Bucket, Key, Body: "123456789", ["Checksum" + name]: value });
    const got = await send("GetObject", { Bucket, Key, ChecksumMode: "ENABLED" });
    assert.equal(got["Checksum" + name], value);
    assert.equal(got.ChecksumType, "FULL_OBJECT");
    assert.equal(await text(got), "123456789");
    await assert.rejects(send("PutObject", { Bucket, Key, Body: "12345678X", ["Checksum" + name]: value }), { name: "BadDigest" });
    assert.equal(await text(await send("GetObject", { Bucket, Key })), "123456789");
  }
  await assert.rejects(send("PutObject", { Bucket, Key: "md5", Body: "x", ContentMD5: createHash("md5").update("y").digest("base64") }), { name: "BadDigest" });
  await assert.rejects(send("HeadObject", { Bucket, Key: "md5" }), (e) => e.$metadata.httpStatusCode === 404);
});

test("copies", async () => {
  await send("PutObject", { Bucket, Key: "from +ü", Body: "content", ContentType: "text/plain", Metadata: { a: "1" } });
  const source = `${Bucket}/${encodeURIComponent("from +ü")}`;
  const copied = await send("CopyObject", { Bucket, Key: "to", CopySource: source });
  const head = await send("HeadObject", { Bucket, Key: "to" });
  assert.equal(copied.CopyObjectResult.ETag, head.ETag);
  assert.deepEqual([head.ContentType, head.Metadata], ["text/plain", { a: "1" }]);
  await send("CopyObject", { Bucket, Key: "to", CopySource: source, MetadataDirective: "REPLACE", Metadata: { b: "2" }, ContentType: "text/html" });
  const replaced = await send("HeadObject", { Bucket, Key: "to" });
  assert.deepEqual([replaced.ContentType, replaced.Metadata], ["text/html", { b: "2" }]);
  await assert.rejects(send("CopyObject", { Bucket, Key: "to", CopySource: `/${Bucket}/to` }), { name: "InvalidRequest" });
  await send("CopyObject", { Bucket, Key: "to", CopySource: `/${Bucket}/to`, MetadataDirective: "REPLACE", Metadata: { c: "3" } });
  assert.equal(await text(await send("GetObject", { Bucket, Key: "to" })), "content");
  await assert.rejects(send("CopyObject", { Bucket, Key: "x", CopySource: `${Bucket}/absent` }), { name: "NoSuchKey" });
  await assert.rejects(send("CopyObject", { Bucket, Key: "x", CopySource: source, CopySourceIfNoneMatch: head.ETag }), { name: "PreconditionFailed" });
});

test("presigned URLs carry what they were signed for and end", async () => {
  const url = await getSignedUrl(client, new s3.PutObjectCommand({ Bucket, Key: "signed/ü" }), { expiresIn: 600 });
  assert.equal((await fetch(url, { method: "PUT", body: "through a URL" })).status, 200);
  const get = new s3.GetObjectCommand({ Bucket, Key: "signed/ü", ResponseContentType: "text/x" });
  const answer = await fetch(await getSignedUrl(client, get, { expiresIn: 600 }));
  assert.deepEqual([answer.status, answer.headers.get("content-type"), await answer.text()], [200, "text/x", "through a URL"]);
  const head = new s3.HeadObjectCommand({ Bucket, Key: "signed/ü" });
  assert.equal((await fetch(await getSignedUrl(client, head, { expiresIn: 600 }), { method: "HEAD" })).status, 200);
  const late = await fetch(await getSignedUrl(client, get, { expiresIn: 60, signingDate: new Date("2020-01-01") }));
  assert.equal(late.status, 403);
  assert.match(await late.text(), /<Code>AccessDenied<\/Code><Message>Request has expired/);
});

test("the host may name the bucket", async () => {
  await send("PutObject", { Bucket, Key: "hosted/key", Body: "by host" });
  const server = new URL(process.env.AWS_ENDPOINT_URL);
  for (const host of [`localhost:${server.port}`, "s3.localhost", "s3.us-east-1.amazonaws.com", "s3.amazonaws.com"]) {
    const url = new URL(await getSignedUrl(new s3.S3Client({ endpoint: `http://${host}` }), new s3.GetObjectCommand({ Bucket, Key: "hosted/key" })));
    assert.equal(url.host, `${Bucket}.${host}`);
    const body = await new Promise((resolve, reject) => {
      const request = { host: server.hostname, port: server.port, path: url.pathname + url.search, headers: { host: url.host }, agent: false };
      http.get(request, async (response) => resolve((await response.setEncoding("utf8").toArray()).join(""))).on("error", reject);
    });
    assert.equal(body, "by host");
  }
});

test("what is not there is refused by its name", async () => {
  for (const name of ["GetBucketAbac", "GetBucketMetadataTableConfiguration"]) {
    await assert.rejects(send(name, { Bucket }), (e) => e.name === "NotImplemented" && e.message.includes(name), name);
  }
  await assert.rejects(send("RestoreObject", { Bucket, Key: "to" }), (e) => e.name === "NotImplemented" && e.message.includes("RestoreObject"));
  await assert.rejects(send("PutObject", { Bucket, Key: "sum", Body: "x", ChecksumSHA512: "AAAA" }), (e) => e.name === "NotImplemented" && e.message.includes("x-amz-checksum-sha512"));
  await assert.rejects(send("GetObject", { Bucket, Key: "to", VersionId: "1" }), { name: "InvalidArgument" });
  assert.equal((await send("GetBucketVersioning", { Bucket })).Status, undefined);
});

test("parallel puts to one key end as one of them", async () => {
  const bodies = Array.from({ length: 16 }, (_, i) => String(i).repeat(50_000));
  await Promise.all(bodies.map((Body) => send("PutObject", { Bucket, Key: "contended", Body })));
  assert.ok(bodies.includes(await text(await send("GetObject", { Bucket, Key: "contended" }))));
});
