using System.Text.Json.Nodes;
using Acceleration.Onnx;

namespace Acceleration.Tests.Onnx;

/// <summary>Manifests that were damaged at random.</summary>
[Collection(OnnxSplits.Name)]
public sealed class ManifestDamageTests(OnnxSplits splits) : OnnxTest
{
    /// <summary>Members, names and numbers of it are taken away, doubled and exchanged: it is refused, or what it describes runs, or a call is refused.</summary>
    [Fact]
    public void RandomDamageOfAManifestEndsInOneException()
    {
        var random = new Random(1);
        var (read, refused) = (0, 0);
        foreach (var (kind, times) in new[] { (OnnxModel.Dit, 60), (OnnxModel.UNet, 15), (OnnxModel.Flux, 40) })
        {
            using var model = OnnxModel.Of(kind);
            OnnxSplits.Copy(splits.Of(kind), At(kind));
            var file = Path.Combine(At(kind), "split.json");
            var text = File.ReadAllText(file);
            for (var i = 0; i < times; i++)
            {
                var json = JsonNode.Parse(text)!;
                for (var k = random.Next(1, 3); k > 0; k--)
                {
                    Damage(json, random);
                }

                File.WriteAllText(file, json.ToJsonString());
                var error = Record.Exception(() =>
                {
                    using var network = OnnxDenoiser.Load(file);
                    model.Predict(network).Dispose();
                });
                Assert.True(error is null or OnnxException, $"{kind} {i}: {error}\n{json.ToJsonString()}");
                _ = error is null ? read++ : refused++;
            }
        }

        Assert.True(read > 5 && refused > 60, $"{read} read, {refused} refused");
    }

    private static void Damage(JsonNode json, Random random)
    {
        var all = new List<JsonNode>();
        Collect(json);
        var at = all[random.Next(all.Count)];
        var other = all[random.Next(all.Count)].DeepClone();
        if (at is JsonObject o)
        {
            var key = o.ElementAt(random.Next(o.Count)).Key;
            o[key] = random.Next(5) switch { 0 => null, 1 => random.Next(-2, 4), 2 => other, 3 => Sibling(o[key]), _ => o[key]?.DeepClone() };
        }
        else if (at is JsonArray { Count: > 0 } list)
        {
            var i = random.Next(list.Count);
            switch (random.Next(4))
            {
                case 0:
                    list.RemoveAt(i);
                    break;
                case 1:
                    list.Insert(i, list[random.Next(list.Count)]?.DeepClone());
                    break;
                case 2:
                    var (a, b) = (list[i]?.DeepClone(), list[^1]?.DeepClone());
                    (list[i], list[^1]) = (b, a);
                    break;
                default:
                    list[i] = other;
                    break;
            }
        }

        // Another value of the same kind from elsewhere in the file.
        JsonNode? Sibling(JsonNode? of) => all.SelectMany(n => n is JsonObject x ? x.Select(p => p.Value) : n.AsArray()).Where(n => n?.GetValueKind() == of?.GetValueKind()).ToArray() is { Length: > 0 } alike
            ? alike[random.Next(alike.Length)]?.DeepClone() : null;

        void Collect(JsonNode node)
        {
            if (node is JsonObject or JsonArray)
            {
                all.Add(node);
                foreach (var child in node is JsonObject x ? x.Select(p => p.Value) : node.AsArray())
                {
                    if (child is not null)
                    {
                        Collect(child);
                    }
                }
            }
        }
    }
}
