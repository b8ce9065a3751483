import { test } from "node:test";
import assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";

const client = new s3.S3Client({ maxAttempts: 1 });
const send = (name, input) => client.send(new s3[name + "Command"](input));
const text = async (output) => await output.Body.transformToString();
const versioning = (Bucket, Status) => send("PutBucketVersioning", { Bucket, VersioningConfiguration: { Status } });
const put = async (Bucket, Key, Body) => (await send("PutObject", { Bucket, Key, Body })).VersionId;
const status = (code) => (e) => e.$metadata.httpStatusCode === code;

const headersOf = async (name, input) => {
  let headers;
  const observed = new s3.S3Client({ maxAttempts: 1 });
  observed.middlewareStack.add((next) => async (args) => {
    const result = await next(args);
    headers = result.response.headers;
    return result;
  }, { step: "deserialize", priority: "low" });
  await observed.send(new s3[name + "Command"](input)).catch(() => {});
  observed.destroy();
  return headers;
};

const bucket = async (name, status) => {
  await send("CreateBucket", { Bucket: name });
  if (status) {
    await versioning(name, status);
  }
  return name;
};

// every version and delete marker, as key, id, latest, in the order of the listing
const versionsOf = async (Bucket, input = {}) => {
  const found = [];
  let marker = {};
  do {
    const page = await send("ListObjectVersions", { Bucket, ...input, ...marker });
    found.push(...(page.Versions ?? []), ...(page.DeleteMarkers ?? []).map((m) => ({ ...m, marker: true })));
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    assert.equal(page.IsTruncated, page.NextKeyMarker !== undefined);
  } while (marker.KeyMarker !== undefined);
  return found;
};

test("versioning is off, on, suspended, and never off again", async () => {
  const Bucket = await bucket("states");
  assert.equal((await send("GetBucketVersioning", { Bucket })).Status, undefined);
  assert.equal(await put(Bucket, "k", "before"), undefined);
  assert.equal((await send("HeadObject", { Bucket, Key: "k" })).VersionId, undefined);
  assert.deepEqual((await versionsOf(Bucket)).map((v) => [v.Key, v.VersionId, v.IsLatest]), [["k", "null", true]]);
  await versioning(Bucket, "Enabled");
  assert.equal((await send("GetBucketVersioning", { Bucket })).Status, "Enabled");
  assert.equal((await send("HeadObject", { Bucket, Key: "k" })).VersionId, "null");
  await versioning(Bucket, "Suspended");
  assert.equal((await send("GetBucketVersioning", { Bucket })).Status, "Suspended");
  await assert.rejects(versioning(Bucket, "Off"), { name: "MalformedXML" });
  await assert.rejects(versioning(Bucket, undefined), { name: "IllegalVersioningConfigurationException" });
  await assert.rejects(versioning("absent-bucket", "Enabled"), { name: "NoSuchBucket" });
  const mfa = send("PutBucketVersioning", { Bucket, VersioningConfiguration: { Status: "Enabled", MFADelete: "Enabled" } });
  await assert.rejects(mfa, (e) => e.name === "NotImplemented" && e.message.includes("MfaDelete"));
});

test("each put makes a version that stays", async () => {
  const Bucket = await bucket("puts");
  await put(Bucket, "k", "zero");
  await versioning(Bucket, "Enabled");
  const ids = [await put(Bucket, "k", "one"), await put(Bucket, "k", "two")];
  assert.match(ids[0], /^[A-Za-z0-9._]{32}$/);
  assert.notEqual(ids[0], ids[1]);
  const get = (VersionId) => send("GetObject", { Bucket, Key: "k", VersionId });
  assert.equal(await text(await get()), "two");
  assert.equal(await text(await get(ids[0])), "one");
  assert.equal(await text(await get("null")), "zero");
  assert.equal((await send("HeadObject", { Bucket, Key: "k", VersionId: ids[0] })).VersionId, ids[0]);
  assert.deepEqual((await versionsOf(Bucket)).map((v) => [v.VersionId, v.IsLatest, v.Size]), [[ids[1], true, 3], [ids[0], false, 3], ["null", false, 4]]);
  assert.equal((await send("ListObjectsV2", { Bucket })).KeyCount, 1);
  await assert.rejects(get("not-an-id"), (e) => e.name === "InvalidArgument" && e.message.includes("Invalid version id"));
  await assert.rejects(get(ids[0].replace(/^./, (c) => (c === "A" ? "B" : "A"))), (e) => e.name === "NoSuchVersion" && status(404)(e));
  await assert.rejects(send("DeleteBucket", { Bucket }), { name: "BucketNotEmpty" });
});

test("a delete marker hides a key until it is deleted itself", async () => {
  const Bucket = await bucket("markers", "Enabled");
  const VersionId = await put(Bucket, "k", "kept");
  const marker = await send("DeleteObject", { Bucket, Key: "k" });
  assert.equal(marker.DeleteMarker, true);
  await assert.rejects(send("GetObject", { Bucket, Key: "k" }), { name: "NoSuchKey" });
  const hidden = await headersOf("HeadObject", { Bucket, Key: "k" });
  assert.deepEqual([hidden["x-amz-delete-marker"], hidden["x-amz-version-id"]], ["true", marker.VersionId]);
  await assert.rejects(send("GetObject", { Bucket, Key: "k", VersionId: marker.VersionId }), (e) => e.name === "MethodNotAllowed" && status(405)(e));
  const refused = await headersOf("GetObject", { Bucket, Key: "k", VersionId: marker.VersionId });
  assert.deepEqual([refused.allow, refused["x-amz-delete-marker"]], ["DELETE", "true"]);
  assert.ok(refused["last-modified"]);
  await assert.rejects(send("HeadObject", { Bucket, Key: "k", VersionId: marker.VersionId }), status(405));
  assert.equal(await text(await send("GetObject", { Bucket, Key: "k", VersionId })), "kept");
  assert.equal((await send("ListObjectsV2", { Bucket })).KeyCount, 0);
  assert.deepEqual((await versionsOf(Bucket)).map((v) => [v.VersionId, v.IsLatest, v.marker ?? false]), [[VersionId, false, false], [marker.VersionId, true, true]]);
  const undone = await send("DeleteObject", { Bucket, Key: "k", VersionId: marker.VersionId });
  assert.deepEqual([undone.DeleteMarker, undone.VersionId], [true, marker.VersionId]);
  assert.equal(await text(await send("GetObject", { Bucket, Key: "k" })), "kept");
  const never = await send("DeleteObject", { Bucket, Key: "never" });
  assert.equal(never.DeleteMarker, true);
});

test("deleting versions brings the one before to the front", async () => {
  const Bucket = await bucket("fronts", "Enabled");
  const ids = [await put(Bucket, "k", "1"), await put(Bucket, "k", "2"), await put(Bucket, "k", "3")];
  const gone = await send("DeleteObject", { Bucket, Key: "k", VersionId: ids[2] });
  assert.deepEqual([gone.DeleteMarker, gone.VersionId], [undefined, ids[2]]);
  assert.equal(await text(await send("GetObject", { Bucket, Key: "k" })), "2");
  await send("DeleteObject", { Bucket, Key: "k", VersionId: ids[0] });
  assert.deepEqual((await versionsOf(Bucket)).map((v) => [v.VersionId, v.IsLatest]), [[ids[1], true]]);
  await put(Bucket, "k", "4");
  await send("DeleteObject", { Bucket, Key: "k", VersionId: ids[2] });
  assert.equal(await text(await send("GetObject", { Bucket, Key: "k" })), "4");
  for (const { Key, VersionId } of await versionsOf(Bucket)) {
    await send("DeleteObject", { Bucket, Key, VersionId });
  }
  await send("DeleteBucket", { Bucket });
});

test("a suspended bucket has one null version, beside what it had before", async () => {
  const Bucket = await bucket("suspended", "Enabled");
  const kept = await put(Bucket, "k", "kept");
  await versioning(Bucket, "Suspended");
  assert.equal(await put(Bucket, "k", "first"), "null");
  assert.equal(await put(Bucket, "k", "second"), "null");
  assert.deepEqual((await versionsOf(Bucket)).map((v) => [v.VersionId, v.IsLatest]), [["null", true], [kept, false]]);
  const marker = await send("DeleteObject", { Bucket, Key: "k" });
  assert.deepEqual([marker.DeleteMarker, marker.VersionId], [true, "null"]);
  assert.deepEqual((await versionsOf(Bucket)).map((v) => [v.VersionId, v.IsLatest, v.marker]), [[kept, false, undefined], ["null", true, true]]);
  await versioning(Bucket, "Enabled");
  const last = await put(Bucket, "k", "last");
  await versioning(Bucket, "Suspended");
  await put(Bucket, "k", "null again");
  assert.deepEqual((await versionsOf(Bucket)).map((v) => [v.VersionId, v.IsLatest]), [["null", true], [last, false], [kept, false]]);
  await send("DeleteObject", { Bucket, Key: "k", VersionId: "null" });
  assert.equal(await text(await send("GetObject", { Bucket, Key: "k" })), "last");
});

test("versions are listed by page, prefix and delimiter", async () => {
  const Bucket = await bucket("pages", "Enabled");
  const keys = ["a", "a/1", "a/2", "a0", "b/1", "b/2", "c"];
  const expected = [];
  for (const Key of keys) {
    const ids = [await put(Bucket, Key, "1"), await put(Bucket, Key, "2"), await put(Bucket, Key, "3")].toReversed();
    expected.push(...ids.map((id) => [Key, id]));
  }
  for (const MaxKeys of [1, 2, 3, 5, 1000]) {
    assert.deepEqual((await versionsOf(Bucket, { MaxKeys })).map((v) => [v.Key, v.VersionId]), expected, `pages of ${MaxKeys}`);
  }
  assert.deepEqual((await versionsOf(Bucket, { Prefix: "a/" })).map((v) => v.Key), ["a/1", "a/1", "a/1", "a/2", "a/2", "a/2"]);
  const folders = await send("ListObjectVersions", { Bucket, Delimiter: "/" });
  assert.deepEqual(folders.CommonPrefixes.map((p) => p.Prefix), ["a/", "b/"]);
  assert.deepEqual([...new Set(folders.Versions.map((v) => v.Key))], ["a", "a0", "c"]);
  const prefixes = [];
  const versions = [];
  let marker = {};
  do {
    const page = await send("ListObjectVersions", { Bucket, Delimiter: "/", MaxKeys: 2, ...marker });
    prefixes.push(...(page.CommonPrefixes ?? []).map((p) => p.Prefix));
    versions.push(...(page.Versions ?? []).map((v) => v.VersionId));
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  } while (marker.KeyMarker !== undefined);
  assert.deepEqual(prefixes, ["a/", "b/"]);
  assert.deepEqual(versions, expected.filter(([key]) => !key.includes("/")).map(([, id]) => id));
  assert.deepEqual((await send("ListObjectVersions", { Bucket, KeyMarker: "b/1" })).Versions.map((v) => v.Key), ["b/2", "b/2", "b/2", "c", "c", "c"]);
  await assert.rejects(send("ListObjectVersions", { Bucket, VersionIdMarker: expected[0][1] }), { name: "InvalidArgument" });
  await assert.rejects(send("ListObjectVersions", { Bucket, KeyMarker: "a", VersionIdMarker: "x" }), { name: "InvalidArgument" });
});

test("a bucket is emptied page by page while it is listed", async () => {
  const Bucket = await bucket("emptied");
  await put(Bucket, "k", "null version");
  await versioning(Bucket, "Enabled");
  for (let i = 0; i < 5; i++) {
    await put(Bucket, "k", `${i}`);
    await send("DeleteObject", { Bucket, Key: "k" });
  }
  let marker = {};
  let count = 0;
  do {
    const page = await send("ListObjectVersions", { Bucket, MaxKeys: 2, ...marker });
    const Objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({ Key, VersionId }));
    count += Objects.length;
    const deleted = await send("DeleteObjects", { Bucket, Delete: { Objects } });
    assert.equal(deleted.Deleted.length, Objects.length);
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  } while (marker.KeyMarker !== undefined);
  assert.equal(count, 11);
  await send("DeleteBucket", { Bucket });
});

test("DeleteObjects says of each key what became of it", async () => {
  const Bucket = await bucket("many", "Enabled");
  const [one, two] = [await put(Bucket, "one", "1"), await put(Bucket, "two", "2")];
  const { VersionId: three } = await send("DeleteObject", { Bucket, Key: "three" });
  const Objects = [
    { Key: "one" }, { Key: "two", VersionId: two }, { Key: "three", VersionId: three }, { Key: "four", VersionId: "nonsense" },
    { Key: "one", ETag: '"other"' }, { Key: "five", VersionId: one },
  ];
  const answer = await send("DeleteObjects", { Bucket, Delete: { Objects } });
  const of = (key) => answer.Deleted.find((d) => d.Key === key);
  assert.equal(of("one").DeleteMarker, true);
  assert.match(of("one").DeleteMarkerVersionId, /^.{32}$/);
  assert.equal(of("one").VersionId, undefined);
  assert.deepEqual(of("two"), { Key: "two", VersionId: two });
  assert.deepEqual(of("three"), { Key: "three", VersionId: three, DeleteMarker: true, DeleteMarkerVersionId: three });
  assert.deepEqual(of("five"), { Key: "five", VersionId: one });
  assert.deepEqual(answer.Errors.map((e) => [e.Key, e.Code]), [["four", "NoSuchVersion"], ["one", "NoSuchKey"]]);
  assert.equal(await text(await send("GetObject", { Bucket, Key: "one", VersionId: one })), "1");
  const quiet = await send("DeleteObjects", { Bucket, Delete: { Quiet: true, Objects: [{ Key: "one", VersionId: one }] } });
  assert.deepEqual([quiet.Deleted, quiet.Errors], [undefined, undefined]);
  const timed = send("DeleteObjects", { Bucket, Delete: { Objects: [{ Key: "one", Size: 1 }] } });
  await assert.rejects(timed, (e) => e.name === "NotImplemented" && e.message.includes("Size"));
});

test("copies take a version and make one", async () => {
  const Bucket = await bucket("copies", "Enabled");
  const old = await put(Bucket, "k", "old");
  const marker = (await send("DeleteObject", { Bucket, Key: "k" })).VersionId;
  await assert.rejects(send("CopyObject", { Bucket, Key: "k", CopySource: `${Bucket}/k` }), { name: "InvalidRequest" });
  await assert.rejects(send("CopyObject", { Bucket, Key: "to", CopySource: `${Bucket}/k` }), { name: "NoSuchKey" });
  await assert.rejects(send("CopyObject", { Bucket, Key: "to", CopySource: `${Bucket}/k?versionId=${marker}` }), { name: "InvalidRequest" });
  const restored = await send("CopyObject", { Bucket, Key: "k", CopySource: `${Bucket}/k?versionId=${old}` });
  assert.equal(restored.CopySourceVersionId, old);
  const got = await send("GetObject", { Bucket, Key: "k" });
  assert.deepEqual([got.VersionId, await text(got)], [restored.VersionId, "old"]);
});

test("an upload in parts becomes a version", async () => {
  const Bucket = await bucket("parts", "Enabled");
  const before = await put(Bucket, "k", "before");
  const { UploadId } = await send("CreateMultipartUpload", { Bucket, Key: "k" });
  const copied = await send("UploadPartCopy", { Bucket, Key: "k", UploadId, PartNumber: 1, CopySource: `${Bucket}/k?versionId=${before}` });
  assert.equal(copied.CopySourceVersionId, before);
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: copied.CopyPartResult.ETag }] };
  const made = await send("CompleteMultipartUpload", { Bucket, Key: "k", UploadId, MultipartUpload });
  await put(Bucket, "k", "after");
  assert.equal((await send("CompleteMultipartUpload", { Bucket, Key: "k", UploadId, MultipartUpload })).VersionId, made.VersionId);
  assert.equal(await text(await send("GetObject", { Bucket, Key: "k", VersionId: made.VersionId, PartNumber: 1 })), "before");
  assert.deepEqual((await versionsOf(Bucket)).length, 3);
  await send("DeleteObject", { Bucket, Key: "k", VersionId: made.VersionId });
  assert.equal(await text(await send("GetObject", { Bucket, Key: "k" })), "after");
});

test("conditions look at the newest version, and a delete marker is none", async () => {
  const Bucket = await bucket("conditions", "Enabled");
  const { ETag } = await send("PutObject", { Bucket, Key: "k", Body: "1", IfNoneMatch: "*" });
  await assert.rejects(send("PutObject", { Bucket, Key: "k", Body: "2", IfNoneMatch: "*" }), { name: "PreconditionFailed" });
  await assert.rejects(send("DeleteObject", { Bucket, Key: "k", IfMatch: '"other"' }), status(412));
  await send("DeleteObject", { Bucket, Key: "k", IfMatch: ETag });
  await assert.rejects(send("DeleteObject", { Bucket, Key: "k", IfMatch: "*" }), status(404));
  await assert.rejects(send("PutObject", { Bucket, Key: "k", Body: "2", IfMatch: ETag }), { name: "NoSuchKey" });
  const { VersionId } = (await versionsOf(Bucket)).find((v) => v.ETag === ETag);
  await assert.rejects(send("DeleteObject", { Bucket, Key: "k", VersionId, IfMatch: ETag }), status(501));
  await send("PutObject", { Bucket, Key: "k", Body: "2", IfNoneMatch: "*" });
  assert.equal((await versionsOf(Bucket)).length, 3);
});
