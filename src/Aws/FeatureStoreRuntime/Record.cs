using System.Text.Json.Serialization;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.Aws.FeatureStoreRuntime;

/// <summary>A feature's value as text, whatever its type: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_feature_store_FeatureValue.html</summary>
[JsonConverter(typeof(FeatureValueJson))]
public sealed record FeatureValue(
    [Length(1, 64), Pattern("[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}")] string FeatureName, [Length(0, 358400)] string? ValueAsString = null);

/// <summary>Puts a record: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_feature_store_PutRecord.html</summary>
[Rest("PUT", "/FeatureGroup/{FeatureGroupName}")]
public sealed record PutRecord(
    [Length(1, 150), Pattern(FeatureGroupNames.NameOrArn)] string FeatureGroupName,
    [Length(1, int.MaxValue)] IReadOnlyList<FeatureValue> Record,
    [Length(1, 2), OneOf("OnlineStore", "OfflineStore")] IReadOnlyList<string>? TargetStores = null,
    TtlDuration? TtlDuration = null) : IAwsRequest<EmptyResponse>;

/// <summary>The newest record of an identifier: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_feature_store_GetRecord.html</summary>
[Rest("GET", "/FeatureGroup/{FeatureGroupName}")]
public sealed record GetRecord(
    [Length(1, 150), Pattern(FeatureGroupNames.NameOrArn)] string FeatureGroupName,
    [Query("RecordIdentifierValueAsString"), Length(0, 358400)] string RecordIdentifierValueAsString,
    [Query("FeatureName"), Length(1, int.MaxValue)] IReadOnlyList<string>? FeatureNames = null,
    [Query("ExpirationTimeResponse"), OneOf("Enabled", "Disabled")] string? ExpirationTimeResponse = null) : IAwsRequest<GetRecord.Response>
{
    /// <summary>The record; null where there is none.</summary>
    public sealed record Response(IReadOnlyList<FeatureValue>? Record = null, string? ExpiresAt = null);
}

/// <summary>Records of a group that BatchGetRecord asks for.</summary>
public sealed record BatchGetRecordIdentifier(
    [Length(1, 150), Pattern(FeatureGroupNames.NameOrArn)] string FeatureGroupName,
    [Length(1, 100)] IReadOnlyList<string> RecordIdentifiersValueAsString,
    [Length(1, int.MaxValue)] IReadOnlyList<string>? FeatureNames = null);

/// <summary>A record that BatchGetRecord found.</summary>
public sealed record BatchGetRecordResultDetail(
    string FeatureGroupName, string RecordIdentifierValueAsString, IReadOnlyList<FeatureValue> Record, string? ExpiresAt = null);

/// <summary>A record that BatchGetRecord could not get, and why.</summary>
public sealed record BatchGetRecordError(string FeatureGroupName, string RecordIdentifierValueAsString, string ErrorCode, string ErrorMessage);

/// <summary>The newest records of many identifiers: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_feature_store_BatchGetRecord.html</summary>
[Rest("POST", "/BatchGetRecord")]
public sealed record BatchGetRecord(
    [Length(1, 100)] IReadOnlyList<BatchGetRecordIdentifier> Identifiers,
    [OneOf("Enabled", "Disabled")] string? ExpirationTimeResponse = null) : IAwsRequest<BatchGetRecord.Response>
{
    /// <summary>What was found, what failed, and what is to be asked for again. An identifier that has no record is in none of them.</summary>
    public sealed record Response(
        IReadOnlyList<BatchGetRecordResultDetail> Records, IReadOnlyList<BatchGetRecordError> Errors,
        IReadOnlyList<BatchGetRecordIdentifier> UnprocessedIdentifiers);
}

/// <summary>Deletes a record: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_feature_store_DeleteRecord.html</summary>
[Rest("DELETE", "/FeatureGroup/{FeatureGroupName}")]
public sealed record DeleteRecord(
    [Length(1, 150), Pattern(FeatureGroupNames.NameOrArn)] string FeatureGroupName,
    [Query("RecordIdentifierValueAsString"), Length(0, 358400)] string RecordIdentifierValueAsString,
    [Query("EventTime"), Length(0, 358400)] string EventTime,
    [Query("TargetStores"), Length(1, 2), OneOf("OnlineStore", "OfflineStore")] IReadOnlyList<string>? TargetStores = null,
    [Query("DeletionMode"), OneOf("SoftDelete", "HardDelete")] string? DeletionMode = null) : IAwsRequest<EmptyResponse>;
