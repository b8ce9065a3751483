using System.Net;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>The records of feature groups: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations_Amazon_SageMaker_Feature_Store_Runtime.html</summary>
internal sealed class FeatureRecords(LocalAwsOptions options, FeatureGroups groups, OnlineStore online, RecordWriter writer)
{
    public Task Put(PutRecord request, Caller caller)
    {
        var group = Require(request.FeatureGroupName);
        var (identifier, eventTime) = RecordRules.Check(group, request.Record);
        var (toOnline, toOffline) = RecordRules.Stores(group, request.TargetStores);
        FeatureGroupRules.CheckTtl(request.TtlDuration);
        var ttl = request.TtlDuration ?? group.Online?.TtlDuration;
        var record = RecordBytes.Write(request.Record);
        return writer.Submit(new(
            group, RecordAction.Put, identifier, eventTime, record, toOnline, toOffline,
            ttl is null ? null : EventTimes.Expiry(eventTime, ttl), Now()) { IsRetry = caller.IsRetry, Invocation = caller.Invocation });
    }

    public Task Delete(DeleteRecord request)
    {
        var group = Require(request.FeatureGroupName);
        FeatureValue[] marker = [new(group.RecordIdentifierFeatureName, request.RecordIdentifierValueAsString), new(group.EventTimeFeatureName, request.EventTime)];
        var (identifier, eventTime) = RecordRules.Check(group, marker);
        var (inOnline, inOffline) = RecordRules.Stores(group, request.TargetStores);
        var action = request.DeletionMode == "HardDelete" ? RecordAction.HardDelete : RecordAction.SoftDelete;
        return writer.Submit(new(
            group, action, identifier, eventTime, RecordBytes.Write(marker), inOnline, inOffline, null, Now()));
    }

    public GetRecord.Response Get(GetRecord request)
    {
        var group = Require(request.FeatureGroupName);
        RecordRules.RequireOnline(group);
        CheckNames(group, request.FeatureNames);
        return online.Find(group, request.RecordIdentifierValueAsString, Now()) is { } found
            ? new(Values(found, request.FeatureNames), Expiry(found, request.ExpirationTimeResponse))
            : new();
    }

    public BatchGetRecord.Response GetBatch(BatchGetRecord request)
    {
        var records = new List<BatchGetRecordResultDetail>();
        var errors = new List<BatchGetRecordError>();
        foreach (var asked in request.Identifiers)
        {
            try
            {
                records.AddRange(Find(asked, request.ExpirationTimeResponse));
            }
            catch (AwsException e)
            {
                var code = e.Code == "ValidationException" ? "ValidationError" : e.Code;
                errors.AddRange(asked.RecordIdentifiersValueAsString.Select(id => new BatchGetRecordError(asked.FeatureGroupName, id, code, e.Message)));
            }
        }

        return new(records, errors, []);
    }

    /// <summary>The error of the runtime for a group that is not there; 404, where SageMaker itself answers 400.</summary>
    public static AwsException NotFound(string name) =>
        new("ResourceNotFound", HttpStatusCode.NotFound, $"Resource Not Found: FeatureGroup {name} does not exist.");

    private List<BatchGetRecordResultDetail> Find(BatchGetRecordIdentifier asked, string? expiration)
    {
        var group = Require(asked.FeatureGroupName);
        RecordRules.RequireOnline(group);
        CheckNames(group, asked.FeatureNames);
        var now = Now();
        var found = new List<BatchGetRecordResultDetail>();
        foreach (var identifier in asked.RecordIdentifiersValueAsString)
        {
            if (online.Find(group, identifier, now) is { } record)
            {
                found.Add(new(asked.FeatureGroupName, identifier, Values(record, asked.FeatureNames), Expiry(record, expiration)));
            }
        }

        return found;
    }

    private FeatureGroup Require(string nameOrArn) => groups.Find(nameOrArn) ?? throw NotFound(nameOrArn);

    private static void CheckNames(FeatureGroup group, IReadOnlyList<string>? names)
    {
        if (names?.FirstOrDefault(n => group.TypeOf(n) is null) is { } unknown)
        {
            throw RecordRules.Invalid($"the feature group {group.Name} has no feature '{unknown}'.");
        }
    }

    private static List<FeatureValue> Values(OnlineRecord record, IReadOnlyList<string>? names)
    {
        var values = RecordBytes.Read(record.Bytes);
        return names is null ? values : [.. values.Where(v => names.Contains(v.FeatureName))];
    }

    private static string? Expiry(OnlineRecord record, string? asked) =>
        asked == "Enabled" && record.Expires is { } expires ? EventTimes.Text(expires) : null;

    private long Now() => options.Time.GetUtcNow().UtcTicks;
}
