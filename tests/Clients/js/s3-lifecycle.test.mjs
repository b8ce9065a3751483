import { test, before } from "node:test";
import assert from "node:assert/strict";
import * as s3 from "@aws-sdk/client-s3";

const client = new s3.S3Client({ maxAttempts: 1 });
const send = (name, input = {}) => client.send(new s3[name + "Command"]({ Bucket, ...input }));
const put = (...Rules) => send("PutBucketLifecycleConfiguration", { LifecycleConfiguration: { Rules } });
const rule = (more) => ({ ID: "r", Status: "Enabled", Filter: { Prefix: "" }, ...more });
const Bucket = "lifecycle";

before(async () => {
  await send("CreateBucket");
});

test("a lifecycle is kept and given back", async () => {
  await assert.rejects(send("GetBucketLifecycleConfiguration"), { name: "NoSuchLifecycleConfiguration" });
  const rules = [
    { ID: "old", Status: "Enabled", Filter: { And: { Prefix: "logs/", Tags: [{ Key: "a", Value: "1" }, { Key: "b", Value: "2" }], ObjectSizeGreaterThan: 10 } }, Expiration: { Days: 30 }, Transitions: [{ Days: 7, StorageClass: "GLACIER" }] },
    { ID: "versions", Status: "Disabled", Filter: { Prefix: "" }, NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 2 }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
    { ID: "date", Status: "Enabled", Filter: { ObjectSizeLessThan: 5 }, Expiration: { Date: new Date("2100-01-01") } },
    { ID: "markers", Status: "Enabled", Filter: { Prefix: "x" }, Expiration: { ExpiredObjectDeleteMarker: true } },
  ];
  assert.equal((await put(...rules)).TransitionDefaultMinimumObjectSize, "all_storage_classes_128K");
  const got = await send("GetBucketLifecycleConfiguration");
  assert.deepEqual(got.Rules, rules);
  assert.equal(got.TransitionDefaultMinimumObjectSize, "all_storage_classes_128K");
  const { ID, ...nameless } = rule({ Expiration: { Days: 1 }, Status: "Disabled" });
  await send("PutBucketLifecycleConfiguration", { LifecycleConfiguration: { Rules: [nameless] }, TransitionDefaultMinimumObjectSize: "varies_by_storage_class" });
  const named = await send("GetBucketLifecycleConfiguration");
  assert.match(named.Rules[0].ID, /^[0-9a-f]{48}$/);
  assert.equal(named.TransitionDefaultMinimumObjectSize, "varies_by_storage_class");
  await send("DeleteBucketLifecycle");
  await assert.rejects(send("GetBucketLifecycleConfiguration"), { name: "NoSuchLifecycleConfiguration" });
});

test("a lifecycle that S3 would refuse is refused in its words", async () => {
  const days = { Expiration: { Days: 1 } };
  const midnight = new Date("2100-01-01T00:00:00Z");
  const refused = [
    ["MalformedXML", "needs Filter", { ...days, Filter: undefined }],
    ["MalformedXML", "more than one member", { ...days, Filter: { Prefix: "", ObjectSizeGreaterThan: 1 } }],
    ["MalformedXML", "Status is 'On'", { ...days, Status: "On" }],
    ["MalformedXML", "only one of them", { Expiration: { Days: 1, ExpiredObjectDeleteMarker: true } }],
    ["MalformedXML", "only one of them", { Expiration: {} }],
    ["MalformedXML", "needs NoncurrentDays", { NoncurrentVersionExpiration: {} }],
    ["MalformedXML", "StorageClass is 'TAPE'", { Transitions: [{ Days: 1, StorageClass: "TAPE" }] }],
    ["InvalidRequest", "At least one action", {}],
    ["InvalidRequest", "Duplicate Tag Keys", { ...days, Filter: { And: { Tags: [{ Key: "a", Value: "1" }, { Key: "a", Value: "2" }] } } }],
    ["InvalidRequest", "AbortIncompleteMultipartUpload cannot be specified with Tags", { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Filter: { Tag: { Key: "a", Value: "1" } } }],
    ["InvalidArgument", "'Days' for Expiration action must be a positive integer", { Expiration: { Days: 0 } }],
    ["InvalidArgument", "'DaysAfterInitiation'", { AbortIncompleteMultipartUpload: { DaysAfterInitiation: -1 } }],
    ["InvalidArgument", "midnight GMT", { Expiration: { Date: new Date("2100-01-01T02:00:00Z") } }],
    ["InvalidArgument", "'NoncurrentDays' for NoncurrentVersionExpiration", { NoncurrentVersionExpiration: { NoncurrentDays: 0 } }],
    ["InvalidArgument", "'NewerNoncurrentVersions' must be between 1 and 100", { NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 101 } }],
    ["InvalidArgument", "ID length should not exceed allowed limit of 255", { ...days, ID: "x".repeat(256) }],
    ["MalformedXML", "And needs two members", { ...days, Filter: { And: { Prefix: "a" } } }],
    ["InvalidRequest", "'ObjectSizeLessThan' should be between 1 and 1099511627776000.", { ...days, Filter: { ObjectSizeLessThan: 0 } }],
    ["InvalidRequest", "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.", { ...days, Filter: { And: { ObjectSizeGreaterThan: 9, ObjectSizeLessThan: 9 } } }],
    ["InvalidRequest", "AbortIncompleteMultipartUpload cannot be specified with Object Size", { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Filter: { ObjectSizeGreaterThan: 1 } }],
    ["InvalidRequest", "ExpiredObjectDeleteMarker cannot be specified with Object Size", { Expiration: { ExpiredObjectDeleteMarker: true }, Filter: { ObjectSizeGreaterThan: 1 } }],
    ["InvalidArgument", "'Days' in Transition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'", { Transitions: [{ Days: 29, StorageClass: "STANDARD_IA" }] }],
    ["InvalidArgument", "'NoncurrentDays' in NoncurrentVersionTransition action must be", { NoncurrentVersionTransitions: [{ NoncurrentDays: 1, StorageClass: "ONEZONE_IA" }] }],
    ["InvalidRequest", "'StorageClass' must be different for 'Transition' actions in same 'Rule' with filter '(prefix=a)'", { Filter: { Prefix: "a" }, Transitions: [{ Days: 1, StorageClass: "GLACIER" }, { Days: 2, StorageClass: "GLACIER" }] }],
    ["InvalidRequest", "Found mixed 'Date' and 'Days' based Transition actions", { Transitions: [{ Days: 1, StorageClass: "GLACIER" }, { Date: midnight, StorageClass: "DEEP_ARCHIVE" }] }],
    ["InvalidRequest", "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for filter '(prefix=)'", { ...days, Transitions: [{ Date: midnight, StorageClass: "GLACIER" }] }],
    ["InvalidArgument", "'Days' in the Expiration action for filter '(prefix=)' must be greater than 'Days' in the Transition action", { Expiration: { Days: 30 }, Transitions: [{ Days: 30, StorageClass: "GLACIER" }] }],
    ["InvalidArgument", "'Date' in the Expiration action for filter '(prefix=)' must be later", { Expiration: { Date: midnight }, Transitions: [{ Date: midnight, StorageClass: "GLACIER" }] }],
    ["InvalidArgument", "'NoncurrentDays' in the NoncurrentVersionExpiration action", { NoncurrentVersionExpiration: { NoncurrentDays: 5 }, NoncurrentVersionTransitions: [{ NoncurrentDays: 6, StorageClass: "GLACIER" }] }],
  ];
  for (const [name, message, wrong] of refused) {
    await assert.rejects(put(rule(wrong)), (e) => e.name === name && e.message.includes(message), `${name}: ${message}`);
  }
  await assert.rejects(put(rule(days), rule(days)), (e) => e.name === "InvalidArgument" && e.message.includes("unique"));
  const old = { ...rule(days), ID: "old", Filter: undefined, Prefix: "" };
  await assert.rejects(put(old, rule(days)), (e) => e.name === "InvalidRequest" && e.message.includes("Filter element can only"));
  await assert.rejects(put(rule(days), old), (e) => e.name === "InvalidRequest" && e.message.includes("Base level prefix"));
  await assert.rejects(send("GetBucketLifecycleConfiguration"), { name: "NoSuchLifecycleConfiguration" });
});

test("answers say when an object expires, and an upload ends", async () => {
  // the next midnight must be the same one to the end
  const left = 86_400_000 - (Date.now() % 86_400_000);
  if (left < 60_000) await new Promise((resolve) => setTimeout(resolve, left));
  const midnight = (days) => new Date(Math.ceil((Date.now() + days * 86_400_000) / 86_400_000) * 86_400_000).toUTCString();
  await put(
    { ...rule({ Expiration: { Days: 30 } }), ID: "all of it", Filter: { Prefix: "a" } },
    { ...rule({ Expiration: { Days: 3 } }), ID: "sooner", Filter: { Prefix: "a/" } },
    { ...rule({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } }), ID: "uploads" });
  const [later, sooner, end] = [30, 3, 2].map(midnight);
  assert.equal((await send("PutObject", { Key: "ab", Body: "x" })).Expiration, `expiry-date="${later}", rule-id="all%20of%20it"`);
  assert.equal((await send("PutObject", { Key: "a/b", Body: "x" })).Expiration, `expiry-date="${sooner}", rule-id="sooner"`);
  assert.equal((await send("HeadObject", { Key: "a/b" })).Expiration, `expiry-date="${sooner}", rule-id="sooner"`);
  const got = await send("GetObject", { Key: "a/b" });
  assert.deepEqual([got.Expiration, await got.Body.transformToString()], [`expiry-date="${sooner}", rule-id="sooner"`, "x"]);
  assert.equal((await send("CopyObject", { Key: "ab", CopySource: `${Bucket}/a/b` })).Expiration, `expiry-date="${later}", rule-id="all%20of%20it"`);
  assert.equal((await send("PutObject", { Key: "b", Body: "x" })).Expiration, undefined);
  const upload = await send("CreateMultipartUpload", { Key: "a/up" });
  assert.deepEqual([upload.AbortDate.toUTCString(), upload.AbortRuleId], [end, "uploads"]);
  const { UploadId } = upload;
  const { ETag } = await send("UploadPart", { Key: "a/up", UploadId, PartNumber: 1, Body: "x" });
  assert.equal((await send("ListParts", { Key: "a/up", UploadId })).AbortRuleId, "uploads");
  const completed = await send("CompleteMultipartUpload", { Key: "a/up", UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } });
  assert.equal(completed.Expiration, `expiry-date="${sooner}", rule-id="sooner"`);
});

test("what is past its date goes at once", async () => {
  for (const Key of ["gone/1", "gone/2", "stays"]) {
    await send("PutObject", { Key, Body: "x" });
  }
  await put(rule({ Expiration: { Date: new Date("2020-01-01") }, Filter: { Prefix: "gone/" } }));
  const left = async () => (await send("ListObjectsV2", { Prefix: "gone/" })).KeyCount;
  for (const end = Date.now() + 240_000; (await left()) > 0 && Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(await left(), 0);
  assert.equal((await send("HeadObject", { Key: "stays" })).ContentLength, 1);
});
