using System.Globalization;
using System.Text.Json.Nodes;
using static Slipway.Aws.Wire.QueryValues;

namespace Slipway.Aws.Wire;

/// <summary>The query protocol's input: a form of dotted names.</summary>
public static class QueryForm
{
    // deeper than any member of a request; what a longer name has beyond is no member
    private const int DeepestName = 16;

    /// <summary>Turns a form into the JSON of a request of the given type, so that one reader checks both protocols.</summary>
    public static JsonObject ToJson(IReadOnlyDictionary<string, string> form, Type request)
    {
        ArgumentNullException.ThrowIfNull(form);
        var root = new Field("");
        foreach (var (name, value) in form.Where(f => f.Key is not ("Action" or "Version")))
        {
            root.Add(name, value);
        }

        return ReadRecord(root, request);
    }

    /// <summary>Writes the members of a request as form fields.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ToForm(object record, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(record);
        return Members.Of(record.GetType())
            .Where(m => m.Property.GetValue(record) is not null)
            .SelectMany(m => Fields(prefix + m.Name, m.Property.GetValue(record)!, NamesOf(m)));
    }

    private static IEnumerable<KeyValuePair<string, string>> Fields(string name, object value, EntryNamesAttribute names) => value switch
    {
        _ when Entries(value) is { } entries => entries.SelectMany((e, i) =>
            Fields($"{name}.entry.{i + 1}.{names.Value}", e.Value, names).Prepend(new($"{name}.entry.{i + 1}.{names.Key}", e.Key))),
        _ when Items(value) is { } items => items.SelectMany((item, i) => Fields($"{name}.member.{i + 1}", item, names)),
        _ when Members.IsRecord(value.GetType()) => ToForm(value, name + "."),
        _ => [new(name, Text(value))],
    };

    private static JsonObject ReadRecord(Field field, Type type)
    {
        var json = new JsonObject();
        var members = Members.Of(type).ToDictionary(m => m.Name);
        foreach (var (name, child) in field.Children)
        {
            // the reader of the JSON refuses by name what is no member
            json[name] = members.TryGetValue(name, out var member) ? ReadValue(child, member.Type, NamesOf(member)) : child.Value ?? "";
        }

        return json;
    }

    private static JsonNode ReadValue(Field field, Type type, EntryNamesAttribute names)
    {
        if (Members.ItemOf(type) is { } item)
        {
            return new JsonArray([.. field.Numbered("member").Select(f => ReadValue(f, item, names))]);
        }

        if (Members.ValueOf(type) is { } mapped)
        {
            var map = new JsonObject();
            foreach (var entry in field.Numbered("entry"))
            {
                entry.RequireNoValue();
                entry.RequireOnly(names.Key, names.Value);
                map[entry.Children.GetValueOrDefault(names.Key)?.Value ?? ""] = entry.Children.TryGetValue(names.Value, out var value) ? ReadValue(value, mapped, names) : null;
            }

            return map;
        }

        if (Members.IsRecord(type))
        {
            field.RequireNoValue();
            return ReadRecord(field, type);
        }

        field.RequireOnly();
        return Scalar(field.Value ?? "", type);
    }

    /// <summary>A field of a form, or what fields have in common whose names go on after a dot.</summary>
    /// <param name="name">Its whole name.</param>
    private sealed class Field(string name)
    {
        public string Name => name;

        public string? Value { get; private set; }

        public Dictionary<string, Field> Children { get; } = [];

        public void Add(string path, string value)
        {
            var field = this;
            foreach (var part in path.Split('.', DeepestName))
            {
                if (!field.Children.TryGetValue(part, out var child))
                {
                    field.Children[part] = child = new(field == this ? part : $"{field.Name}.{part}");
                }

                field = child;
            }

            field.Value = value;
        }

        /// <summary>The items of a list or a map, numbered from 1.</summary>
        /// <exception cref="AwsException">ValidationException: a field that is none of them, which would be lost.</exception>
        public List<Field> Numbered(string kind)
        {
            RequireNoValue();
            RequireOnly(kind);
            var items = new List<Field>();
            if (Children.TryGetValue(kind, out var numbered))
            {
                while (numbered.Children.TryGetValue((items.Count + 1).ToString(CultureInfo.InvariantCulture), out var item))
                {
                    items.Add(item);
                }

                if (numbered.Children.Count > items.Count)
                {
                    throw numbered.Children.Values.Except(items).First().NoMember();
                }
            }

            return items;
        }

        /// <summary>Refuses a value where members are to be; a client sends an empty list as an empty value.</summary>
        /// <exception cref="AwsException">ValidationException.</exception>
        public void RequireNoValue()
        {
            if (Value is { Length: > 0 })
            {
                throw NoMember();
            }
        }

        /// <summary>Refuses a field whose name goes on in another way.</summary>
        /// <exception cref="AwsException">ValidationException.</exception>
        public void RequireOnly(params IReadOnlyCollection<string> parts)
        {
            if (Children.FirstOrDefault(c => !parts.Contains(c.Key)).Value is { } other)
            {
                throw other.NoMember();
            }
        }

        private AwsException NoMember() => AwsErrors.Validation($"The parameter {name} is no member of the request. Items of a list are numbered from 1 on, without a gap.");
    }
}
