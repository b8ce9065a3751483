using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Sns.Deliveries;

/// <summary>
/// When failed deliveries are repeated: at once, then after the least delay, then with growing delays, then after the greatest one:
/// https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html#delivery-policy-stages. Delays are in seconds.
/// </summary>
internal sealed record RetryPolicy(
    int NumRetries, int MinDelayTarget, int MaxDelayTarget, int NumNoDelayRetries = 0, int NumMinDelayRetries = 0, int NumMaxDelayRetries = 0, string BackoffFunction = "linear")
{
    private const int MostRetries = 100;
    private const int LongestDelay = 3600;
    private static readonly string[] Functions = ["linear", "arithmetic", "geometric", "exponential"];

    /// <summary>SNS's policy for mail, which nobody can change.</summary>
    public static RetryPolicy OfMail { get; } = new(50, 10, 600, NumMinDelayRetries: 2, NumMaxDelayRetries: 38, BackoffFunction: "exponential");

    /// <summary>SNS's policy for queues of SQS, which nobody can change: 23 days.</summary>
    public static RetryPolicy OfQueues { get; } = new(100_015, 1, 20, NumNoDelayRetries: 3, NumMinDelayRetries: 2, NumMaxDelayRetries: 100_000, BackoffFunction: "exponential");

    /// <summary>How long to wait before a retry, counted from 1; null where there is none left.</summary>
    public TimeSpan? Delay(int retry)
    {
        var growing = NumRetries - NumNoDelayRetries - NumMinDelayRetries - NumMaxDelayRetries;
        var step = retry - NumNoDelayRetries - NumMinDelayRetries;
        return retry > NumRetries ? null
            : retry <= NumNoDelayRetries ? TimeSpan.Zero
            : step <= 0 ? TimeSpan.FromSeconds(MinDelayTarget)
            : step > growing ? TimeSpan.FromSeconds(MaxDelayTarget)
            : TimeSpan.FromSeconds(Grown(step, growing));
    }

    /// <summary>A policy of which some is set, and the rest as in another.</summary>
    public static RetryPolicy Of(JsonNode? set, RetryPolicy rest) => set is null ? rest : new(
        (int?)set["numRetries"] ?? rest.NumRetries, (int?)set["minDelayTarget"] ?? rest.MinDelayTarget, (int?)set["maxDelayTarget"] ?? rest.MaxDelayTarget,
        (int?)set["numNoDelayRetries"] ?? rest.NumNoDelayRetries, (int?)set["numMinDelayRetries"] ?? rest.NumMinDelayRetries,
        (int?)set["numMaxDelayRetries"] ?? rest.NumMaxDelayRetries, (string?)set["backoffFunction"] ?? rest.BackoffFunction);

    public JsonObject Json() => new()
    {
        ["minDelayTarget"] = MinDelayTarget,
        ["maxDelayTarget"] = MaxDelayTarget,
        ["numRetries"] = NumRetries,
        ["numMaxDelayRetries"] = NumMaxDelayRetries,
        ["numNoDelayRetries"] = NumNoDelayRetries,
        ["numMinDelayRetries"] = NumMinDelayRetries,
        ["backoffFunction"] = BackoffFunction,
    };

    /// <summary>Checks a policy of a request.</summary>
    /// <exception cref="AwsException">InvalidParameter.</exception>
    public static void Check(JsonObject set, string at)
    {
        DeliveryPolicy.RequireMembers(set, at + ".", "minDelayTarget", "maxDelayTarget", "numRetries", "numMaxDelayRetries", "numNoDelayRetries", "numMinDelayRetries", "backoffFunction");
        foreach (var (name, value) in set)
        {
            if (name == "backoffFunction" ? !IsFunction(value) : !IsNumber(value, name.EndsWith("Target", StringComparison.Ordinal)))
            {
                throw DeliveryPolicy.Invalid(name == "backoffFunction"
                    ? $"{at}.{name} must be one of {string.Join(", ", Functions)}"
                    : $"{at}.{name} must be a whole number{(name.EndsWith("Target", StringComparison.Ordinal) ? $" of seconds from 1 to {LongestDelay}" : $" from 0 to {MostRetries}")}");
            }
        }

        var policy = Of(set, new RetryPolicy(3, 20, 20));
        if (policy.MinDelayTarget > policy.MaxDelayTarget)
        {
            throw DeliveryPolicy.Invalid($"{at}.minDelayTarget must not be greater than maxDelayTarget");
        }

        if (policy.NumNoDelayRetries + policy.NumMinDelayRetries + policy.NumMaxDelayRetries > policy.NumRetries)
        {
            throw DeliveryPolicy.Invalid($"{at}.numRetries must not be less than the retries of its phases together");
        }

        if (Enumerable.Range(1, policy.NumRetries).Sum(r => policy.Delay(r)!.Value.TotalSeconds) > LongestDelay)
        {
            throw DeliveryPolicy.Invalid($"{at}: all retries together must not take more than {LongestDelay} seconds");
        }
    }

    private static bool IsFunction(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String && Functions.Contains(value.GetValue<string>());

    private static bool IsNumber(JsonNode? value, bool isDelay) =>
        value?.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue<int>(out var number) && number >= (isDelay ? 1 : 0) && number <= (isDelay ? LongestDelay : MostRetries);

    /// <summary>The delay of a step of those that grow from the least to the greatest.</summary>
    private double Grown(int step, int steps)
    {
        var part = steps == 1 ? 0 : (step - 1) / (double)(steps - 1);
        double range = MaxDelayTarget - MinDelayTarget;
        return BackoffFunction switch
        {
            "arithmetic" => MinDelayTarget + (range * part * (step / (double)steps)),
            "geometric" => MinDelayTarget * Math.Pow(MaxDelayTarget / (double)MinDelayTarget, part),
            "exponential" => MinDelayTarget + (range * (Math.Pow(2, 10 * part) - 1) / (Math.Pow(2, 10) - 1)),
            _ => MinDelayTarget + (range * part),
        };
    }
}
