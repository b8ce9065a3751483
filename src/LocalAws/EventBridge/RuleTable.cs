using System.Net;
using Slipway.Aws.EventBridge;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.EventBridge;

/// <summary>A rule as it is kept; its next run is null without a schedule and while it is disabled.</summary>
internal sealed record StoredRule(
    string Name, string Arn, string? EventPattern, string? ScheduleExpression, string State, string? Description, string? RoleArn, string CreatedBy,
    IReadOnlyList<Target> Targets, IReadOnlyList<Tag> Tags, DateTimeOffset? NextRun)
{
    public const string Enabled = "ENABLED";
    public const string Disabled = "DISABLED";

    public bool IsEnabled => State != Disabled;

    /// <summary>The same rule with its next run counted from a time.</summary>
    public StoredRule Scheduled(DateTimeOffset now) =>
        this with { NextRun = IsEnabled && ScheduleExpression is { } text ? EventBridge.ScheduleExpression.Parse(text).Next(now) : null };
}

/// <summary>The rules of the one event bus, <c>default</c>.</summary>
internal sealed class RuleTable(Database database)
{
    public const string DefaultBus = "default";
    private readonly Table<StoredRule> _rules = new(database, "event-rule", r => r.Name);

    public List<StoredRule> All() => _rules.All();

    public StoredRule? Find(string name) => _rules.Find(name);

    /// <summary>A rule by its name.</summary>
    /// <exception cref="AwsException">ResourceNotFoundException.</exception>
    public StoredRule Require(string name) => Find(name) ?? throw NotFound($"Rule {name} does not exist on EventBus {DefaultBus}.");

    public void Put(StoredRule rule) => _rules.Put(rule);

    public void Delete(string name) => _rules.Delete(name);

    /// <summary>Checks that a request means the bus that there is.</summary>
    /// <exception cref="AwsException">ResourceNotFoundException.</exception>
    public static void RequireBus(string? nameOrArn)
    {
        if (nameOrArn is not null && nameOrArn.Split('/')[^1] != DefaultBus)
        {
            throw NotFound($"Event bus {nameOrArn} does not exist: local AWS has the bus {DefaultBus} alone.");
        }
    }

    public static AwsException NotFound(string message) => new("ResourceNotFoundException", HttpStatusCode.BadRequest, message);
}
