using System.Text.Json;

namespace Slipway.Aws.Wire;

/// <summary>Finds what is wrong with a request's JSON that the serializer refused, and says it in AWS's words.</summary>
internal static class Diagnosis
{
    public static AwsException Of(JsonElement body, Type request)
    {
        try
        {
            Walk(body, request, request.Name, "");
            return AwsErrors.Serialization($"The body of {request.Name} can't be read.");
        }
        catch (AwsException found)
        {
            return found;
        }
    }

    private static void Walk(JsonElement value, Type type, string operation, string path)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            throw Limits.Broken("null", path, "Member must not be null");
        }

        if (Members.ItemOf(type) is { } item)
        {
            Expect(value, path, "a list", JsonValueKind.Array);
            var i = 0;
            foreach (var element in value.EnumerateArray())
            {
                Walk(element, item, operation, $"{path}.{++i}.member");
            }
        }
        else if (Members.ValueOf(type) is { } mapped)
        {
            Expect(value, path, "a map", JsonValueKind.Object);
            foreach (var entry in value.EnumerateObject())
            {
                Walk(entry.Value, mapped, operation, $"{path}.{entry.Name}.member");
            }
        }
        else if (Members.IsRecord(type))
        {
            WalkRecord(value, type, operation, path);
        }
        else
        {
            WalkScalar(value, type, path);
        }
    }

    private static void WalkRecord(JsonElement value, Type type, string operation, string path)
    {
        Expect(value, path, "a structure", JsonValueKind.Object);
        var members = Members.Of(type);
        foreach (var property in value.EnumerateObject())
        {
            var member = members.FirstOrDefault(m => m.Name.Equals(property.Name, StringComparison.OrdinalIgnoreCase))
                ?? throw AwsErrors.NotImplemented($"{operation}{Limits.Readable(path)}.{property.Name}");
            if (property.Value.ValueKind != JsonValueKind.Null)
            {
                Walk(property.Value, member.Type, operation, Limits.Join(path, member.Name));
            }
            else if (member.Required)
            {
                throw Limits.Missing(member, Limits.Join(path, member.Name));
            }
        }

        foreach (var member in members.Where(m => m.Required))
        {
            if (!value.EnumerateObject().Any(p => p.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase)))
            {
                throw Limits.Missing(member, Limits.Join(path, member.Name));
            }
        }
    }

    private static void WalkScalar(JsonElement value, Type type, string path)
    {
        if (type.IsEnum)
        {
            Expect(value, path, "a string", JsonValueKind.String);
            Limits.CheckOneOf(value.GetString()!, Enum.GetNames(type), path);
        }
        else if (type == typeof(string) || type == typeof(byte[]))
        {
            Expect(value, path, "a string", JsonValueKind.String);
            if (type == typeof(byte[]) && !value.TryGetBytesFromBase64(out _))
            {
                throw AwsErrors.Serialization($"The value at '{path}' must be bytes in Base64.");
            }
        }
        else if (type == typeof(bool))
        {
            Expect(value, path, "true or false", JsonValueKind.True, JsonValueKind.False);
        }
        else if (type == typeof(DateTimeOffset) || type.IsPrimitive)
        {
            Expect(value, path, "a number", JsonValueKind.Number, JsonValueKind.String);
            Parse(value, type, path);
        }
    }

    private static void Parse(JsonElement value, Type type, string path)
    {
        try
        {
            value.Deserialize(type, AwsJson.Lenient);
        }
        catch (JsonException)
        {
            throw AwsErrors.Serialization($"{value} at '{path}' can't be read as a {(type.IsPrimitive ? $"number of type {type.Name}" : "time: seconds since 1970, or ISO 8601")}.");
        }
    }

    private static void Expect(JsonElement value, string path, string expected, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (!kinds.Contains(value.ValueKind))
        {
            var place = path.Length == 0 ? "The body" : $"The value at '{path}'";
            throw AwsErrors.Serialization($"{place} must be {expected}, not {Kind(value.ValueKind)}.");
        }
    }

    private static string Kind(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "a structure",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };
}
