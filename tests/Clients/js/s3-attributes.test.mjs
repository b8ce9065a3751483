import { createHash } from "node:crypto";
import { test, before } from "node:test";
import assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";

const client = new s3.S3Client({ maxAttempts: 1 });
const send = (name, input) => client.send(new s3[name + "Command"](input));
const Bucket = "attributes";
const MiB = 1 << 20;
const all = Object.values(s3.ObjectAttributes);
const bodies = [Buffer.alloc(5 * MiB, 1), Buffer.alloc(5 * MiB, 2), Buffer.from("end")];

before(async () => {
  await send("CreateBucket", { Bucket });
});

const upload = async (Key, ChecksumAlgorithm, ChecksumType) => {
  const { UploadId } = await send("CreateMultipartUpload", { Bucket, Key, ChecksumAlgorithm, ChecksumType });
  const Parts = [];
  for (const [i, Body] of bodies.entries()) {
    const part = await send("UploadPart", { Bucket, Key, UploadId, PartNumber: i + 1, Body, ChecksumAlgorithm });
    Parts.push({ PartNumber: i + 1, ETag: part.ETag, ["Checksum" + ChecksumAlgorithm]: part["Checksum" + ChecksumAlgorithm] });
  }
  return { Parts, UploadId, done: await send("CompleteMultipartUpload", { Bucket, Key, UploadId, MultipartUpload: { Parts } }) };
};

test("an object put whole has its attributes", async () => {
  const Key = "whole";
  const ChecksumSHA256 = createHash("sha256").update("123").digest("base64");
  const put = await send("PutObject", { Bucket, Key, Body: "123", ChecksumSHA256, StorageClass: "STANDARD_IA" });
  const got = await send("GetObjectAttributes", { Bucket, Key, ObjectAttributes: all });
  assert.equal(`"${got.ETag}"`, put.ETag);
  assert.deepEqual(got.Checksum, { ChecksumSHA256, ChecksumType: "FULL_OBJECT" });
  assert.deepEqual([got.ObjectParts, got.StorageClass, got.ObjectSize], [undefined, "STANDARD_IA", 3]);
  assert.ok(got.LastModified instanceof Date);
  const some = await send("GetObjectAttributes", { Bucket, Key, ObjectAttributes: ["ObjectSize"] });
  assert.deepEqual([some.ETag, some.Checksum, some.StorageClass, some.ObjectSize], [undefined, undefined, undefined, 3]);
  await assert.rejects(send("GetObjectAttributes", { Bucket, Key, ObjectAttributes: ["Other"] }), { name: "InvalidArgument" });
  await assert.rejects(send("GetObjectAttributes", { Bucket, Key: "absent", ObjectAttributes: all }), { name: "NoSuchKey" });
});

test("an object of parts has them, page by page", async () => {
  for (const [algorithm, type] of [["SHA256", "COMPOSITE"], ["SHA1", "COMPOSITE"], ["CRC32C", "COMPOSITE"], ["CRC64NVME", "FULL_OBJECT"]]) {
    const [Key, sum] = [algorithm + type, "Checksum" + algorithm];
    const { Parts, done } = await upload(Key, algorithm, type);
    const got = await send("GetObjectAttributes", { Bucket, Key, ObjectAttributes: all });
    assert.deepEqual(got.Checksum, { [sum]: done[sum], ChecksumType: type });
    assert.equal(got.ObjectParts.TotalPartsCount, 3);
    const expected = Parts.map((p, i) => ({ PartNumber: i + 1, Size: bodies[i].length, [sum]: p[sum] }));
    assert.deepEqual(got.ObjectParts.Parts, expected);
    const first = await send("GetObjectAttributes", { Bucket, Key, ObjectAttributes: ["ObjectParts"], MaxParts: 2 });
    assert.deepEqual([first.ObjectParts.IsTruncated, first.ObjectParts.NextPartNumberMarker, first.ObjectParts.Parts], [true, "2", expected.slice(0, 2)]);
    const rest = await send("GetObjectAttributes", { Bucket, Key, ObjectAttributes: ["ObjectParts"], MaxParts: 2, PartNumberMarker: "2" });
    assert.deepEqual([rest.ObjectParts.IsTruncated, rest.ObjectParts.Parts], [false, expected.slice(2)]);
    const part = await send("HeadObject", { Bucket, Key, PartNumber: 2, ChecksumMode: "ENABLED" });
    assert.deepEqual([part[sum], part.ChecksumType, part.PartsCount, part.ContentLength], [expected[1][sum], type, 3, 5 * MiB]);
    const read = await send("GetObject", { Bucket, Key, PartNumber: 3, ChecksumMode: "ENABLED" });
    assert.deepEqual([read[sum], await read.Body.transformToString()], [expected[2][sum], "end"]);
  }
});

test("attributes are those of a version", async () => {
  await send("PutBucketVersioning", { Bucket, VersioningConfiguration: { Status: "Enabled" } });
  const Key = "versions";
  const { VersionId } = await send("PutObject", { Bucket, Key, Body: "first" });
  await send("PutObject", { Bucket, Key, Body: "2nd" });
  const got = await send("GetObjectAttributes", { Bucket, Key, VersionId, ObjectAttributes: all });
  assert.deepEqual([got.VersionId, got.ObjectSize], [VersionId, 5]);
  const marker = await send("DeleteObject", { Bucket, Key });
  await assert.rejects(send("GetObjectAttributes", { Bucket, Key, ObjectAttributes: all }), { name: "NoSuchKey" });
  await assert.rejects(send("GetObjectAttributes", { Bucket, Key, VersionId: marker.VersionId, ObjectAttributes: all }), { name: "MethodNotAllowed" });
});

test("checksums that are wrong are refused, of parts and of the whole", async () => {
  const Key = "wrong";
  const wrong = createHash("sha256").update("other").digest("base64");
  const { UploadId } = await send("CreateMultipartUpload", { Bucket, Key, ChecksumAlgorithm: "SHA256" });
  await assert.rejects(send("UploadPart", { Bucket, Key, UploadId, PartNumber: 1, Body: "x", ChecksumSHA256: wrong }), { name: "BadDigest" });
  await assert.rejects(send("UploadPart", { Bucket, Key, UploadId, PartNumber: 1, Body: "x", ChecksumAlgorithm: "CRC32" }), { name: "InvalidRequest" });
  const { ETag, ChecksumSHA256 } = await send("UploadPart", { Bucket, Key, UploadId, PartNumber: 1, Body: "x", ChecksumAlgorithm: "SHA256" });
  const complete = (part, input) => send("CompleteMultipartUpload", { Bucket, Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ...part }] }, ...input });
  await assert.rejects(complete({}), { name: "InvalidRequest" });
  await assert.rejects(complete({ ChecksumSHA256: wrong }), { name: "InvalidPart" });
  await assert.rejects(complete({ ChecksumSHA256 }, { ChecksumSHA256: wrong + "-1" }), { name: "BadDigest" });
  await assert.rejects(complete({ ChecksumSHA256 }, { ChecksumType: "FULL_OBJECT" }), { name: "InvalidRequest" });
  await assert.rejects(complete({ ChecksumSHA256 }, { IfMatch: ETag }), { name: "NoSuchKey" });
  await send("PutObject", { Bucket, Key, Body: "there" });
  await assert.rejects(complete({ ChecksumSHA256 }, { IfNoneMatch: "*" }), { name: "PreconditionFailed" });
  await assert.rejects(complete({ ChecksumSHA256 }, { IfMatch: ETag }), { name: "PreconditionFailed" });
  const there = await send("HeadObject", { Bucket, Key });
  await assert.rejects(complete({ ChecksumSHA256 }, { IfMatch: there.ETag }), { name: "ConditionalRequestConflict" });
  assert.match((await complete({ ChecksumSHA256 })).ChecksumSHA256, /-1$/);
  for (const [ChecksumAlgorithm, ChecksumType] of [["SHA1", "FULL_OBJECT"], ["SHA256", "FULL_OBJECT"], ["CRC64NVME", "COMPOSITE"]]) {
    await assert.rejects(send("CreateMultipartUpload", { Bucket, Key, ChecksumAlgorithm, ChecksumType }), { name: "InvalidRequest" });
  }
});

test("copies of parts take ranges and conditions, and carry checksums", async () => {
  await send("PutObject", { Bucket, Key: "source", Body: bodies[0] });
  const { ETag, LastModified } = await send("HeadObject", { Bucket, Key: "source" });
  const Key = "of-copies";
  const { UploadId } = await send("CreateMultipartUpload", { Bucket, Key, ChecksumAlgorithm: "SHA256" });
  const copy = (PartNumber, input) => send("UploadPartCopy", { Bucket, Key, UploadId, PartNumber, CopySource: `${Bucket}/source`, ...input });
  const one = (await copy(1)).CopyPartResult;
  assert.equal(one.ChecksumSHA256, createHash("sha256").update(bodies[0]).digest("base64"));
  const two = (await copy(2, { CopySourceRange: "bytes=3-6", CopySourceIfMatch: ETag, CopySourceIfModifiedSince: new Date("2000-01-01") })).CopyPartResult;
  assert.equal(two.ChecksumSHA256, createHash("sha256").update(bodies[0].subarray(3, 7)).digest("base64"));
  for (const condition of [
    { CopySourceIfMatch: '"0"' }, { CopySourceIfNoneMatch: ETag }, { CopySourceIfUnmodifiedSince: new Date("2000-01-01") },
    { CopySourceIfModifiedSince: new Date(LastModified.getTime() + 1000) },
  ]) {
    await assert.rejects(copy(3, condition), (e) => e.name === "PreconditionFailed" && e.$metadata.httpStatusCode === 412, JSON.stringify(condition));
  }
  for (const CopySourceRange of ["bytes=0-", "bytes=-4", "bytes=5-2", `bytes=0-${5 * MiB}`, "0-3"]) {
    await assert.rejects(copy(3, { CopySourceRange }), { name: "InvalidArgument" }, CopySourceRange);
  }
  const Parts = [one, two].map((p, i) => ({ PartNumber: i + 1, ETag: p.ETag, ChecksumSHA256: p.ChecksumSHA256 }));
  const done = await send("CompleteMultipartUpload", { Bucket, Key, UploadId, MultipartUpload: { Parts } });
  const sums = Buffer.concat(Parts.map((p) => Buffer.from(p.ChecksumSHA256, "base64")));
  assert.equal(done.ChecksumSHA256, createHash("sha256").update(sums).digest("base64") + "-2");
  const flat = (await send("CopyObject", { Bucket, Key: "flat", CopySource: `${Bucket}/${Key}` })).CopyObjectResult;
  assert.deepEqual([flat.ChecksumSHA256, flat.ChecksumType], [createHash("sha256").update(bodies[0]).update(bodies[0].subarray(3, 7)).digest("base64"), "FULL_OBJECT"]);
  const to = (input) => send("CopyObject", { Bucket, Key: "flat", CopySource: `${Bucket}/source`, ...input });
  await assert.rejects(to({ IfNoneMatch: "*" }), { name: "PreconditionFailed" });
  await assert.rejects(to({ IfMatch: '"0"' }), { name: "PreconditionFailed" });
  assert.ok((await to({ ChecksumAlgorithm: "CRC32" })).CopyObjectResult.ChecksumCRC32);
});
