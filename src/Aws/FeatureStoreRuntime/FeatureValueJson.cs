using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Aws.FeatureStoreRuntime;

/// <summary>Reads and writes <see cref="FeatureValue"/> as the serializer itself would: a request has one for each feature of each record, and so they are most of its work.</summary>
internal sealed class FeatureValueJson : JsonConverter<FeatureValue>
{
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode(nameof(FeatureValue.FeatureName));
    private static readonly JsonEncodedText Value = JsonEncodedText.Encode(nameof(FeatureValue.ValueAsString));

    public override FeatureValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        string? name = null, value = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isName, isValue) = (reader.ValueTextEquals(Name.EncodedUtf8Bytes), reader.ValueTextEquals(Value.EncodedUtf8Bytes));
            reader.Read();
            if (isName)
            {
                name = Text(ref reader);
            }
            else if (isValue)
            {
                value = Text(ref reader);
            }
            else if (options.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow)
            {
                throw new JsonException();
            }
            else
            {
                reader.Skip();
            }
        }

        return name is null && options.RespectRequiredConstructorParameters ? throw new JsonException() : new(name!, value);
    }

    public override void Write(Utf8JsonWriter writer, FeatureValue value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString(Name, value.FeatureName);
        if (value.ValueAsString is { } text)
        {
            writer.WriteString(Value, text);
        }

        writer.WriteEndObject();
    }

    private static string? Text(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString() : throw new JsonException();
}
