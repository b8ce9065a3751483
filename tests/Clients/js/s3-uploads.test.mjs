import { createHash, randomBytes } from "node:crypto";
import { test, before } from "node:test";
import assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";

const client = new s3.S3Client({ maxAttempts: 1 });
const send = (name, input) => client.send(new s3[name + "Command"](input));
const Bucket = "uploads";
const MiB = 1 << 20;
const md5 = (data) => createHash("md5").update(data).digest();

before(async () => {
  await send("CreateBucket", { Bucket });
});

test("lib-storage uploads in parts, and the object is whole", async () => {
  const Body = randomBytes(12 * MiB + 7);
  const done = await new Upload({ client, params: { Bucket, Key: "large", Body, ContentType: "x/y" }, partSize: 5 * MiB }).done();
  const parts = [Body.subarray(0, 5 * MiB), Body.subarray(5 * MiB, 10 * MiB), Body.subarray(10 * MiB)];
  assert.equal(done.ETag, `"${md5(Buffer.concat(parts.map(md5))).toString("hex")}-3"`);
  const got = await send("GetObject", { Bucket, Key: "large", ChecksumMode: "ENABLED" });
  assert.ok(Body.equals(Buffer.from(await got.Body.transformToByteArray())));
  assert.equal(got.ContentType, "x/y");
  const across = await send("GetObject", { Bucket, Key: "large", Range: `bytes=${5 * MiB - 2}-${5 * MiB + 1}` });
  assert.deepEqual(Buffer.from(await across.Body.transformToByteArray()), Body.subarray(5 * MiB - 2, 5 * MiB + 2));
  const third = await send("GetObject", { Bucket, Key: "large", PartNumber: 3 });
  assert.equal(third.PartsCount, 3);
  assert.deepEqual(Buffer.from(await third.Body.transformToByteArray()), parts[2]);
});

test("completing checks parts, order, tags and sizes", async () => {
  const Key = "checked";
  const { UploadId } = await send("CreateMultipartUpload", { Bucket, Key });
  const put = async (PartNumber, Body) => ({ PartNumber, ETag: (await send("UploadPart", { Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: "CRC32" })).ETag });
  const complete = (Parts) => send("CompleteMultipartUpload", { Bucket, Key, UploadId, MultipartUpload: { Parts } });
  const [first, small, last] = [await put(2, Buffer.alloc(5 * MiB, 1)), await put(5, "small"), await put(9, "last")];
  await put(10, "left out");
  const listed = await send("ListParts", { Bucket, Key, UploadId, MaxParts: 2 });
  assert.deepEqual([listed.Parts.map((p) => p.PartNumber), listed.IsTruncated, listed.NextPartNumberMarker], [[2, 5], true, "5"]);
  await assert.rejects(complete([last, first]), { name: "InvalidPartOrder" });
  await assert.rejects(complete([first, { ...last, ETag: first.ETag }]), { name: "InvalidPart" });
  await assert.rejects(complete([first, { ...last, PartNumber: 7 }]), { name: "InvalidPart" });
  await assert.rejects(complete([first, small, last]), { name: "EntityTooSmall" });
  await assert.rejects(send("HeadObject", { Bucket, Key }), (e) => e.$metadata.httpStatusCode === 404);
  const done = await complete([first, last]);
  assert.equal((await complete([first, last])).ETag, done.ETag);
  assert.equal((await send("HeadObject", { Bucket, Key })).ContentLength, 5 * MiB + 4);
  await assert.rejects(send("ListParts", { Bucket, Key, UploadId }), { name: "NoSuchUpload" });
});

test("parts with checksums are numbered from 1 on without gaps", async () => {
  const Key = "gaps";
  const { UploadId } = await send("CreateMultipartUpload", { Bucket, Key, ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
  const put = async (PartNumber, Body) => ({ PartNumber, ETag: (await send("UploadPart", { Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm: "CRC32" })).ETag });
  const complete = (Parts) => send("CompleteMultipartUpload", { Bucket, Key, UploadId, MultipartUpload: { Parts } });
  const [first, second, third] = [await put(1, Buffer.alloc(5 * MiB)), await put(2, "second"), await put(3, "third")];
  await assert.rejects(complete([first, third]), { name: "InvalidPartOrder" });
  await assert.rejects(complete([second]), { name: "InvalidPartOrder" });
  await complete([first, second]);
});

test("a condition holds from the beginning of an upload to its end", async () => {
  const begin = async (Key) => {
    const place = { Bucket, Key, UploadId: (await send("CreateMultipartUpload", { Bucket, Key })).UploadId };
    const { ETag } = await send("UploadPart", { ...place, PartNumber: 1, Body: "part" });
    return (condition) => send("CompleteMultipartUpload", { ...place, ...condition, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } });
  };
  const conflict = (e) => e.name === "ConditionalRequestConflict" && e.$metadata.httpStatusCode === 409;
  const late = await begin("conditional");
  const { ETag } = await send("PutObject", { Bucket, Key: "conditional", Body: "first" });
  await assert.rejects(late({ IfMatch: ETag }), conflict);
  await assert.rejects(late({ IfMatch: '"0"' }), { name: "PreconditionFailed" });
  await assert.rejects(late({ IfNoneMatch: "*" }), { name: "PreconditionFailed" });
  const replacing = await begin("conditional");
  await assert.rejects(replacing({ IfMatch: "*" }), { name: "NotImplemented" });
  await send("DeleteObject", { Bucket, Key: "conditional" });
  await assert.rejects(replacing({ IfNoneMatch: "*" }), conflict);
  const fresh = await begin("conditional");
  const done = await fresh({ IfNoneMatch: "*" });
  const next = await begin("conditional");
  await next({ IfMatch: done.ETag });
  // what was refused is still there, and does without a condition
  await Promise.all([late(), replacing()]);
});

test("checksums of parts make those of the object", async () => {
  const bodies = [Buffer.alloc(5 * MiB, 3), Buffer.from("end")];
  const whole = async (ChecksumAlgorithm, Body) =>
    (await send("PutObject", { Bucket, Key: "whole", Body, ChecksumAlgorithm }))["Checksum" + ChecksumAlgorithm];
  for (const [ChecksumAlgorithm, ChecksumType] of [["CRC32", "FULL_OBJECT"], ["CRC32C", "FULL_OBJECT"], ["CRC32", "COMPOSITE"], ["SHA256", "COMPOSITE"]]) {
    const Key = ChecksumAlgorithm + ChecksumType;
    const { UploadId } = await send("CreateMultipartUpload", { Bucket, Key, ChecksumAlgorithm, ChecksumType });
    const Parts = [];
    for (const [i, Body] of bodies.entries()) {
      const part = await send("UploadPart", { Bucket, Key, UploadId, PartNumber: i + 1, Body, ChecksumAlgorithm });
      Parts.push({ PartNumber: i + 1, ETag: part.ETag, ["Checksum" + ChecksumAlgorithm]: part["Checksum" + ChecksumAlgorithm] });
    }
    const done = await send("CompleteMultipartUpload", { Bucket, Key, UploadId, ChecksumType, MultipartUpload: { Parts } });
    const sums = Buffer.concat(Parts.map((p) => Buffer.from(p["Checksum" + ChecksumAlgorithm], "base64")));
    const expected = ChecksumType === "FULL_OBJECT" ? await whole(ChecksumAlgorithm, Buffer.concat(bodies)) : (await whole(ChecksumAlgorithm, sums)) + "-2";
    assert.equal(done["Checksum" + ChecksumAlgorithm], expected, Key);
    const head = await send("HeadObject", { Bucket, Key, ChecksumMode: "ENABLED" });
    assert.deepEqual([head["Checksum" + ChecksumAlgorithm], head.ChecksumType], [expected, ChecksumType]);
  }
});

test("parts can be copied, and an aborted upload is gone", async () => {
  await send("PutObject", { Bucket, Key: "source", Body: Buffer.alloc(6 * MiB, 7) });
  const Key = "assembled";
  const { UploadId } = await send("CreateMultipartUpload", { Bucket, Key });
  const copy = async (PartNumber, CopySourceRange) =>
    ({ PartNumber, ETag: (await send("UploadPartCopy", { Bucket, Key, UploadId, PartNumber, CopySource: `${Bucket}/source`, CopySourceRange })).CopyPartResult.ETag });
  const Parts = [await copy(1), await copy(2, "bytes=0-9")];
  for (const range of [`bytes=0-${6 * MiB}`, `bytes=${7 * MiB}-${8 * MiB}`, "bytes=9-5"]) {
    await assert.rejects(copy(3, range), { name: "InvalidArgument", message: `Range specified is not valid for source object of size: ${6 * MiB}` });
  }
  await assert.rejects(copy(3, "bytes=5-"), (e) => e.name === "InvalidArgument" && e.message.includes("must be of the form bytes=first-last"));
  await send("CompleteMultipartUpload", { Bucket, Key, UploadId, MultipartUpload: { Parts } });
  assert.equal((await send("HeadObject", { Bucket, Key })).ContentLength, 6 * MiB + 10);
  await send("CopyObject", { Bucket, Key: "flat", CopySource: `${Bucket}/${Key}` });
  assert.ok(!(await send("HeadObject", { Bucket, Key: "flat" })).ETag.includes("-"));

  const second = await send("CreateMultipartUpload", { Bucket, Key: "dir/aborted" });
  await send("UploadPart", { Bucket, Key: "dir/aborted", UploadId: second.UploadId, PartNumber: 1, Body: "x" });
  const uploads = await send("ListMultipartUploads", { Bucket });
  assert.deepEqual(uploads.Uploads.map((u) => [u.Key, u.UploadId]), [["dir/aborted", second.UploadId]]);
  assert.deepEqual((await send("ListMultipartUploads", { Bucket, Delimiter: "/" })).CommonPrefixes, [{ Prefix: "dir/" }]);
  await send("AbortMultipartUpload", { Bucket, Key: "dir/aborted", UploadId: second.UploadId });
  await assert.rejects(send("UploadPart", { Bucket, Key: "dir/aborted", UploadId: second.UploadId, PartNumber: 2, Body: "x" }), { name: "NoSuchUpload" });
  assert.equal((await send("ListMultipartUploads", { Bucket })).Uploads, undefined);
});

test("a bucket goes when it is empty, and not before", async () => {
  await send("CreateBucket", { Bucket: "short-lived", CreateBucketConfiguration: { LocationConstraint: "eu-central-1" } });
  assert.equal((await send("GetBucketLocation", { Bucket: "short-lived" })).LocationConstraint, "eu-central-1");
  assert.equal((await send("GetBucketLocation", { Bucket })).LocationConstraint, undefined);
  await send("PutObject", { Bucket: "short-lived", Key: "k", Body: "" });
  await assert.rejects(send("DeleteBucket", { Bucket: "short-lived" }), { name: "BucketNotEmpty" });
  await send("DeleteObject", { Bucket: "short-lived", Key: "k" });
  await send("CreateMultipartUpload", { Bucket: "short-lived", Key: "unfinished" });
  await send("DeleteBucket", { Bucket: "short-lived" });
  await assert.rejects(send("HeadBucket", { Bucket: "short-lived" }), (e) => e.$metadata.httpStatusCode === 404);
  for (const name of ["b-1", "b-2", "b-3"]) {
    await send("CreateBucket", { Bucket: name });
  }
  const first = await send("ListBuckets", { Prefix: "b-", MaxBuckets: 2 });
  const rest = await send("ListBuckets", { Prefix: "b-", MaxBuckets: 2, ContinuationToken: first.ContinuationToken });
  assert.deepEqual([first, rest].map((p) => p.Buckets.map((b) => b.Name)), [["b-1", "b-2"], ["b-3"]]);
  assert.equal(rest.ContinuationToken, undefined);
  await assert.rejects(send("CreateBucket", { Bucket: "Not_A_Name" }), { name: "InvalidBucketName" });
});

test("listings by the first version of the operation page by marker", async () => {
  for (const Key of ["l/a", "l/b/1", "l/b/2", "l/c"]) {
    await send("PutObject", { Bucket, Key, Body: "" });
  }
  const first = await send("ListObjects", { Bucket, Prefix: "l/", Delimiter: "/", MaxKeys: 2 });
  assert.deepEqual([first.Contents.map((o) => o.Key), first.CommonPrefixes, first.NextMarker], [["l/a"], [{ Prefix: "l/b/" }], "l/b/"]);
  const second = await send("ListObjects", { Bucket, Prefix: "l/", Delimiter: "/", MaxKeys: 2, Marker: first.NextMarker });
  assert.deepEqual([second.Contents.map((o) => o.Key), second.CommonPrefixes, second.IsTruncated], [["l/c"], undefined, false]);
});
