using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Aws.Wire;

/// <summary>AWS's JSON: member names as AWS spells them, timestamps as seconds since 1970, absent where null.</summary>
public static class AwsJson
{
    private static readonly JsonSerializerOptions Strict = Make(camelCase: false, strict: true);
    private static readonly JsonSerializerOptions StrictCamel = Make(camelCase: true, strict: true);

    /// <summary>For reading what AWS answers and for writing: members that are not known are let be.</summary>
    public static JsonSerializerOptions Lenient { get; } = Make(camelCase: false, strict: false);

    /// <summary><see cref="Lenient"/> for services whose members start with a small letter.</summary>
    public static JsonSerializerOptions LenientCamel { get; } = Make(camelCase: true, strict: false);

    /// <summary>The options that read a request: a missing or unknown member is an error.</summary>
    public static JsonSerializerOptions ForRequests(AwsService service) => Required(service).CamelCase ? StrictCamel : Strict;

    /// <summary>The options that write and that read a response.</summary>
    public static JsonSerializerOptions For(AwsService service) => Required(service).CamelCase ? LenientCamel : Lenient;

    private static AwsService Required(AwsService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return service;
    }

    private static JsonSerializerOptions Make(bool camelCase, bool strict) => new()
    {
        PropertyNamingPolicy = camelCase ? JsonNamingPolicy.CamelCase : null,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals | JsonNumberHandling.AllowReadingFromString,
        RespectNullableAnnotations = strict,
        RespectRequiredConstructorParameters = strict,
        UnmappedMemberHandling = strict ? JsonUnmappedMemberHandling.Disallow : JsonUnmappedMemberHandling.Skip,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new Timestamp() },
    };

    /// <summary>Seconds since 1970 with milliseconds; reads ISO 8601 too, which some clients send.</summary>
    private sealed class Timestamp : JsonConverter<DateTimeOffset>
    {
        private static readonly long First = DateTimeOffset.MinValue.ToUnixTimeSeconds();
        private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Number)
            {
                var seconds = reader.GetDouble();
                return seconds >= First && seconds < Last
                    ? DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds * 1000))
                    : throw new JsonException("not a timestamp of the years 1 to 9999");
            }

            return DateTimeOffset.TryParse(reader.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : throw new JsonException("not a timestamp");
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.ToUnixTimeMilliseconds() / 1000m);
    }
}
