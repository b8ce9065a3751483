using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Aws.Wire;
using Slipway.Tests.Clients;

namespace Slipway.Tests.Aws;

/// <summary>
/// Client and server share the wire's records, so they would share a misspelling too: AWS's own service models, as
/// botocore ships them, are the outside judge.
/// </summary>
public sealed class ContractTests
{
    [Fact]
    public async Task Every_member_of_every_record_is_one_of_AWS()
    {
        await Python.SkipWithout("botocore");
        var checker = Path.Combine(Repository.Root, "tests", "Aws", "botocore_contracts.py");
        var records = JsonSerializer.Serialize(AwsService.All.Select(Describe), new JsonSerializerOptions(JsonSerializerDefaults.Web));
        var run = await Command.Run("python3", [checker], new Dictionary<string, string>(), input: records);
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    private static object Describe(AwsService service)
    {
        var records = new Dictionary<string, object>();
        var operations = Requests(service).Select(request => new
        {
            name = request.Name,
            request = MembersOf(request, records),
            response = MembersOf(ResponseOf(request), records),
            rest = request.GetCustomAttributes(typeof(RestAttribute), false).Cast<RestAttribute>().Select(r => new { r.Method, r.Path }).FirstOrDefault(),
        }).ToList();
        return new { service.Name, service.CamelCase, operations, records };
    }

    private static IEnumerable<Type> Requests(AwsService service) => typeof(AwsService).Assembly.GetTypes()
        .Where(t => t.Namespace == $"Slipway.Aws.{service.Name}" && ResponseInterface(t) is not null);

    private static Type? ResponseInterface(Type type) =>
        type.GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAwsRequest<>));

    private static Type ResponseOf(Type request) => ResponseInterface(request)!.GetGenericArguments()[0];

    private static object[] MembersOf(Type record, Dictionary<string, object> records) =>
        [.. Members.Of(record).Select(m => new
        {
            m.Name, m.Required, spelling = m.Property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name, type = TypeOf(m.Type, m.Attribute<OneOfAttribute>()?.Values, records),
        })];

    private static object TypeOf(Type type, IReadOnlyList<string>? values, Dictionary<string, object> records)
    {
        if (Members.ItemOf(type) is { } item)
        {
            return new { kind = "list", item = TypeOf(item, values, records) };
        }

        if (Members.ValueOf(type) is { } value)
        {
            return new { kind = "map", item = TypeOf(value, values, records) };
        }

        if (type.IsEnum)
        {
            return new { kind = "Enum", values = Enum.GetNames(type) };
        }

        if (!Members.IsRecord(type))
        {
            return new { kind = type.Name, values };
        }

        var name = type.FullName!;
        if (records.TryAdd(name, Array.Empty<object>()))
        {
            records[name] = MembersOf(type, records);
        }

        return new { kind = "record", name };
    }
}
