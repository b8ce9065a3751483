import { test, before } from "node:test";
import assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";

const client = new s3.S3Client({ maxAttempts: 1 });
const send = (name, input) => client.send(new s3[name + "Command"](input));
const Bucket = "tagging";
const set = (tags) => ({ TagSet: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) });
const tagsOf = async (Key, VersionId) => Object.fromEntries((await send("GetObjectTagging", { Bucket, Key, VersionId })).TagSet.map((t) => [t.Key, t.Value]));
const tag = (Key, tags, VersionId) => send("PutObjectTagging", { Bucket, Key, VersionId, Tagging: set(tags) });

before(async () => {
  await send("CreateBucket", { Bucket });
});

test("tags are put, counted, replaced and deleted", async () => {
  const Key = "k";
  await send("PutObject", { Bucket, Key, Body: "x" });
  const { LastModified, ETag } = await send("HeadObject", { Bucket, Key });
  assert.deepEqual(await tagsOf(Key), {});
  await tag(Key, { project: "ads", "a b+c=/:@.-_": "ü 日本" });
  assert.deepEqual(await tagsOf(Key), { project: "ads", "a b+c=/:@.-_": "ü 日本" });
  const got = await send("GetObject", { Bucket, Key });
  assert.deepEqual([got.TagCount, await got.Body.transformToString()], [2, "x"]);
  await tag(Key, { only: "" });
  assert.deepEqual(await tagsOf(Key), { only: "" });
  const head = await send("HeadObject", { Bucket, Key });
  assert.deepEqual([head.TagCount, head.ETag, head.LastModified], [1, ETag, LastModified]);
  await send("DeleteObjectTagging", { Bucket, Key });
  assert.deepEqual(await tagsOf(Key), {});
  assert.equal((await send("HeadObject", { Bucket, Key })).TagCount, undefined);
  await assert.rejects(tagsOf("absent"), { name: "NoSuchKey" });
  await assert.rejects(tag("absent", { a: "b" }), { name: "NoSuchKey" });
});

test("tags come with puts, copies and uploads in parts", async () => {
  await send("PutObject", { Bucket, Key: "put", Body: "x", Tagging: "a=1&b%20c=%C3%BC%2B&empty=" });
  assert.deepEqual(await tagsOf("put"), { a: "1", "b c": "ü+", empty: "" });
  await send("PutObject", { Bucket, Key: "put", Body: "y", Tagging: "a=2" });
  assert.deepEqual(await tagsOf("put"), { a: "2" });
  await send("CopyObject", { Bucket, Key: "copy", CopySource: `${Bucket}/put` });
  assert.deepEqual(await tagsOf("copy"), { a: "2" });
  await send("CopyObject", { Bucket, Key: "copy", CopySource: `${Bucket}/put`, MetadataDirective: "REPLACE", ContentType: "x/y" });
  assert.deepEqual(await tagsOf("copy"), { a: "2" });
  await send("CopyObject", { Bucket, Key: "copy", CopySource: `${Bucket}/put`, TaggingDirective: "REPLACE", Tagging: "own=tag" });
  assert.deepEqual(await tagsOf("copy"), { own: "tag" });
  await send("CopyObject", { Bucket, Key: "copy", CopySource: `${Bucket}/put`, TaggingDirective: "REPLACE" });
  assert.deepEqual(await tagsOf("copy"), {});
  await assert.rejects(send("CopyObject", { Bucket, Key: "copy", CopySource: `${Bucket}/put`, TaggingDirective: "OTHER" }), { name: "InvalidArgument" });
  const Key = "parts";
  const { UploadId } = await send("CreateMultipartUpload", { Bucket, Key, Tagging: "of=parts" });
  const { ETag } = await send("UploadPart", { Bucket, Key, UploadId, PartNumber: 1, Body: "x" });
  await send("CompleteMultipartUpload", { Bucket, Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } });
  assert.deepEqual(await tagsOf(Key), { of: "parts" });
});

test("tags have S3's limits", async () => {
  const Key = "limits";
  await send("PutObject", { Bucket, Key, Body: "x" });
  const many = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, "v"]));
  await tag(Key, many(10));
  const kept = await tagsOf(Key);
  assert.equal(Object.keys(kept).length, 10);
  await assert.rejects(tag(Key, many(11)), (e) => e.name === "BadRequest" && e.message.includes("cannot be greater than 10"));
  await tag(Key, { ["k".repeat(128)]: "v".repeat(256) });
  for (const tags of [{ ["k".repeat(129)]: "v" }, { k: "v".repeat(257) }, { "": "v" }, { "aws:k": "v" }, { "k?": "v" }, { k: "v\n" }]) {
    await assert.rejects(tag(Key, tags), { name: "InvalidTag" }, JSON.stringify(tags));
  }
  const twice = { TagSet: [{ Key: "k", Value: "1" }, { Key: "k", Value: "2" }] };
  await assert.rejects(send("PutObjectTagging", { Bucket, Key, Tagging: twice }), { name: "InvalidTag" });
  assert.deepEqual(await tagsOf(Key), { ["k".repeat(128)]: "v".repeat(256) });
  const put = (Tagging) => send("PutObject", { Bucket, Key: "refused", Body: "x", Tagging });
  await assert.rejects(put("a=1&a=2"), { name: "InvalidArgument" });
  await assert.rejects(put(Object.keys(many(11)).map((k) => `${k}=v`).join("&")), { name: "BadRequest" });
  await assert.rejects(put("aws:x=y"), { name: "InvalidTag" });
  await assert.rejects(send("HeadObject", { Bucket, Key: "refused" }), (e) => e.$metadata.httpStatusCode === 404);
});

test("each version has its own tags", async () => {
  await send("PutBucketVersioning", { Bucket, VersioningConfiguration: { Status: "Enabled" } });
  const Key = "versions";
  const first = (await send("PutObject", { Bucket, Key, Body: "1", Tagging: "n=1" })).VersionId;
  const second = (await send("PutObject", { Bucket, Key, Body: "2", Tagging: "n=2" })).VersionId;
  assert.equal((await tag(Key, { changed: "first" }, first)).VersionId, first);
  assert.deepEqual([await tagsOf(Key, first), await tagsOf(Key)], [{ changed: "first" }, { n: "2" }]);
  assert.equal((await send("GetObjectTagging", { Bucket, Key })).VersionId, second);
  assert.equal((await send("DeleteObjectTagging", { Bucket, Key, VersionId: first })).VersionId, first);
  assert.deepEqual([await tagsOf(Key, first), await tagsOf(Key)], [{}, { n: "2" }]);
  const marker = (await send("DeleteObject", { Bucket, Key })).VersionId;
  await assert.rejects(tagsOf(Key), { name: "NoSuchKey" });
  await assert.rejects(tag(Key, { a: "b" }, marker), { name: "MethodNotAllowed" });
  await send("CopyObject", { Bucket, Key, CopySource: `${Bucket}/${Key}?versionId=${second}` });
  assert.deepEqual(await tagsOf(Key), { n: "2" });
});
