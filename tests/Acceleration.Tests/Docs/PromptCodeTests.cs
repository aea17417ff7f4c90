using System.Text.Json;
using Acceleration.Models;
using Acceleration.Tests.Models;
using Acceleration.Tests.Tool;

namespace Acceleration.Tests.Docs;

/// <summary>The code of docs/models.md runs, on a model folder made of a tokenizer and an encoder that fit each other.</summary>
public sealed class PromptCodeTests : ModelTest
{
    [Fact]
    public void PromptsAreEncodedAndKept()
    {
        var model = Directory.CreateDirectory(PathOf("model")).FullName;
        var tokenizer = Directory.CreateDirectory(Path.Combine(model, "tokenizer")).FullName;
        var encoder = Directory.CreateDirectory(Path.Combine(model, "text_encoder")).FullName;
        File.Copy(Golden.PathOf("text/clip_text_sd15"), Path.Combine(encoder, "model.safetensors"));

        // The sample encoder knows 90 ids.
        string[] letters = [.. Enumerable.Range('a', 26).Select(c => $"{(char)c}</w>"), .. Enumerable.Range('a', 26).Select(c => $"{(char)c}"), "<|startoftext|>", "<|endoftext|>"];
        File.WriteAllText(Path.Combine(tokenizer, "vocab.json"), JsonSerializer.Serialize(letters.Select((l, i) => (l, i)).ToDictionary(p => p.l, p => p.i)));
        File.WriteAllText(Path.Combine(tokenizer, "merges.txt"), "#version: 0.2\n");

        var before = Directory.GetCurrentDirectory();
        Directory.SetCurrentDirectory(model);
        try
        {
            PromptCode.Encode(model);
            using var loaded = TextEncoder.Load(encoder);
            PromptCode.Read(loaded.Info.Weights);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }
}
