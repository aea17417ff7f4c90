using System.Text.Json;
using System.Text.Json.Nodes;
using Acceleration.Models;
using Acceleration.Tests.Tool;
using Acceleration.Tool;

namespace Acceleration.Tests.Models;

/// <summary>Tokenizers against the reference implementations, and what they say of files and prompts that are wrong.</summary>
public sealed class TokenizerTests : ModelTest
{
    private static string Clip { get; } = Path.Combine(Golden.Folder, "text", "clip_tokenizer");

    private static string T5 { get; } = Path.Combine(Golden.Folder, "text", "t5_tokenizer");

    [Theory]
    [InlineData("clip_tokenizer", "ids", "attention_mask")]
    [InlineData("t5_tokenizer", "ids", "attention_mask", "sp_ids", "ids_not_legacy")]
    public void EveryStoredCaseIsTheReferences(string folder, params string[] comparisons)
    {
        var result = Verification.OfTokenizer(Path.Combine(Golden.Folder, "text", folder), TestContext.Current.CancellationToken);
        Assert.True(result.Verdict == Verdict.Holds, result.Reason);
        Assert.All(comparisons, c => Assert.Contains(result.Findings, f => f.What == c));
        Assert.All(result.Findings, f => Assert.Equal(0, f.Error));
    }

    // Made by the reference's rules, written again in Python 3.11 with its regex and Unicode tables.
    [Theory]
    [InlineData("a\U0001FAE8b", 1143, 64, 321, 1144)]
    [InlineData("'ſ", 1143, 6, 129, 379, 1144)]
    [InlineData("<|ſtartoftext|>", 1143, 27, 91, 129, 123, 83, 520, 83, 950, 83, 867, 83, 91, 285, 1144)]
    [InlineData("a\u0345b", 1143, 320, 321, 1144)]
    [InlineData("\u1E9B\u0323", 1143, 157, 118, 505, 136, 352, 1144)]
    [InlineData("\u1112\u1161\u11AB", 1143, 169, 243, 506, 1144)]
    [InlineData("ΑΣ ΑΣΑ", 1143, 138, 109, 139, 480, 138, 109, 139, 225, 138, 365, 1144)]
    [InlineData("\U0001D400\U0001D401!", 1143, 172, 251, 238, 222, 172, 251, 238, 479, 256, 1144)]
    [InlineData("\uA7CB", 1143, 1144)]
    [InlineData("İ", 1143, 328, 136, 485, 1144)]
    public void ClipKnowsUnicode14(string text, params int[] ids) => Assert.Equal(ids, Ids(PromptTokenizer.Load(Clip), text));

    [Fact]
    public void HalfAPairIsTakenOut() => Assert.Equal(Ids(PromptTokenizer.Load(Clip), "ab"), Ids(PromptTokenizer.Load(Clip), "a\uD800b"));

    [Theory]
    [InlineData("'lll8", true, 3, 6, 239, 27, 340, 1)]
    [InlineData("</s> lll lll", true, 1, 3, 239, 27, 3, 239, 27, 1)]
    [InlineData("a\u0001 \u0001b", true, 4, 81, 1)]
    [InlineData("a <extra_id_0>  b", true, 4, 448, 81, 1)]
    [InlineData("<extra_id_0> a", false, 448, 261, 1)]
    [InlineData("Hello a", false, 3, 2, 44, 27, 56, 4, 1)]
    [InlineData("</s>", false, 1)]
    public void T5RoundsAndSplitsAsTheReference(string text, bool legacy, params int[] ids) => Assert.Equal(ids, Ids(PromptTokenizer.Load(T5, new() { Legacy = legacy }), text));

    [Fact]
    public void WhatIsCutOffIsCounted()
    {
        var clip = PromptTokenizer.Load(Clip);
        Assert.Equal((77, 1144, 1144, 1145), (clip.MaxLength, clip.EndId, clip.PadId, clip.Size));
        var tokens = clip.Encode([string.Join(' ', Enumerable.Repeat("cat", 80)), "a cat"]);
        Assert.Equal((2, 77), (tokens.Rows, tokens.Length));
        Assert.True(tokens.IsCut);
        Assert.Equal([5, 0], tokens.Cut);
        Assert.Equal(1144, tokens.Ids[0][^1]);
        Assert.Equal(4, tokens.Mask[1].Count(m => m));
        using var mask = tokens.MaskTensor();
        using var ids = tokens.IdTensor();
        Assert.Equal([2L, 77L], ids.shape);
        Assert.Equal(81, mask.sum().item<long>());
    }

    [Fact]
    public void LengthsThatMakeNoSenseAreRefused()
    {
        var t5 = PromptTokenizer.Load(T5);
        Assert.Null(t5.MaxLength);
        Assert.Contains("say one", Assert.Throws<ArgumentException>(() => t5.Encode(["a"])).Message, StringComparison.Ordinal);
        Assert.Contains("at least 2 tokens", Assert.Throws<ArgumentOutOfRangeException>(() => t5.Encode(["a"], 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => t5.Encode([], 8));
        Assert.Contains("Pad them", Assert.Throws<ArgumentException>(() => t5.Encode(["a", "a b"], padding: PromptPadding.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConfigurationsNameSpecialTokens()
    {
        var folder = CopyOf(Clip);
        File.WriteAllText(Path.Combine(folder, "special_tokens_map.json"), """{"bos_token": {"content": "<|startoftext|>"}, "pad_token": "!"}""");
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"model_max_length": 20, "pad_token": "<|endoftext|>", "tokenizer_class": "CLIPTokenizer"}""");
        var second = PromptTokenizer.Load(folder);
        Assert.Equal((20, 0), (second.MaxLength, second.PadId));
        Assert.Equal([1143, 1017, 0, 1027, 0, 1144], Ids(second, "hello! world!"));

        // Tokens that were learned later, as by textual inversion.
        File.WriteAllText(Path.Combine(folder, "added_tokens.json"), """{"<my-cat>": 1145}""");
        var added = PromptTokenizer.Load(folder);
        Assert.Equal(1146, added.Size);
        Assert.Equal([1143, 320, 1145, 1144], Ids(added, "a <my-cat>"));

        // A list of all of them counts alone.
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"model_max_length": 1e30, "added_tokens_decoder": {"1143": {"content": "<|startoftext|>"}, "1144": {"content": "<|endoftext|>"}, "1146": {"content": "<dog>", "lstrip": true}}}""");
        var listed = PromptTokenizer.Load(folder);
        Assert.Equal((77, 1144), (listed.MaxLength, listed.PadId));
        Assert.Equal([1143, 320, 1146, 1144], Ids(listed, "a <dog>"));
    }

    [Fact]
    public void LegacyIsRead()
    {
        var folder = CopyOf(T5);
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"legacy": false, "extra_ids": 3, "model_max_length": 12}""");
        var tokenizer = PromptTokenizer.Load(folder);
        Assert.Equal((12, 352), (tokenizer.MaxLength, tokenizer.Size));
        Assert.Equal([3, 2, 44, 27, 56, 351, 37, 1], Ids(tokenizer, "Hello <extra_id_0>."));
    }

    [Fact]
    public void UnknownCharactersBecomeBytesWhereTheModelSaysSo()
    {
        // Pieces of every byte behind those of text.
        object[] vocabulary = [new object[] { "<unk>", 0 }, new object[] { "</s>", 0 }, new object[] { "<pad>", 0 }, new object[] { "▁", -1 }, new object[] { "a", -2 }, .. Enumerable.Range(0, 256).Select(b => new object[] { $"<0x{b:X2}>", 0 })];
        File.WriteAllText(PathOf("tokenizer.json"), JsonSerializer.Serialize(new
        {
            added_tokens = new[] { new { id = 1, content = "</s>" }, new { id = 2, content = "<pad>" } },
            model = new { type = "Unigram", unk_id = 0, vocab = vocabulary, byte_fallback = true },
        }));
        Assert.Equal([3, 4, 5 + 0xC3, 5 + 0xA9, 5 + 0x78, 1], Ids(PromptTokenizer.Load(PathOf("tokenizer.json")), "aéx"));
    }

    [Theory]
    [InlineData("vocab.json", "{", "the file is no JSON")]
    [InlineData("vocab.json", "[]", "holds no JSON object")]
    [InlineData("vocab.json", "{}", "the vocabulary is empty")]
    [InlineData("vocab.json", "{\"a\": -1}", "'a' is not a whole number")]
    [InlineData("vocab.json", "{\"a\": 99999999999}", "'a' is not a whole number")]
    [InlineData("vocab.json", "{\"a\": 1}", "no token '<|startoftext|>'")]
    [InlineData("merges.txt", "#version: 0.2\ni n\nalone\n", "line 3 is no pair")]
    [InlineData("merges.txt", "#version: 0.2\nno suchtoken\n", "vocabulary and merges do not fit")]
    [InlineData("tokenizer_config.json", "{\"tokenizer_class\": \"BertTokenizer\"}", "this is a BertTokenizer")]
    [InlineData("tokenizer_config.json", "{\"pad_token\": 3}", "'pad_token' is not a token")]
    [InlineData("tokenizer_config.json", "{\"pad_token\": \"<nothing>\"}", "no token '<nothing>'")]
    [InlineData("tokenizer_config.json", "{\"added_tokens_decoder\": {\"x\": {\"content\": \"y\"}}}", "the id of an added token")]
    [InlineData("added_tokens.json", "{\"x\": 1e9}", "the id of an added token")]
    public void FilesOfClipThatAreWrongAreNamed(string file, string text, string expected)
    {
        var folder = CopyOf(Clip);
        File.WriteAllText(Path.Combine(folder, file), text);
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => PromptTokenizer.Load(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FilesOfT5ThatAreWrongAreNamed()
    {
        var folder = CopyOf(T5);
        var path = Path.Combine(folder, "spiece.model");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.Contains("is cut off", Assert.Throws<CheckpointException>(() => PromptTokenizer.Load(folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, "no model");
        Assert.Throws<CheckpointException>(() => PromptTokenizer.Load(folder));
        File.WriteAllBytes(path, []);
        Assert.Contains("0 pieces", Assert.Throws<CheckpointException>(() => PromptTokenizer.Load(folder)).Message, StringComparison.Ordinal);

        // Type 2 is SentencePiece's byte pairs.
        File.WriteAllBytes(path, [.. bytes, 0x12, 2, 0x18, 2]);
        Assert.Contains("is of type 2", Assert.Throws<CheckpointException>(() => PromptTokenizer.Load(folder)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, [.. bytes, 0x1A, 6, 0x12, 4, 255, 255, 255, 255]);
        Assert.Contains("map of characters", Assert.Throws<CheckpointException>(() => PromptTokenizer.Load(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FoldersWithoutATokenizerAreRefused()
    {
        Directory.CreateDirectory(PathOf("empty"));
        Assert.Contains("no tokenizer lies here", Assert.Throws<CheckpointException>(() => PromptTokenizer.Load(PathOf("empty"))).Message, StringComparison.Ordinal);
        Assert.Contains("no such folder", Assert.Throws<CheckpointException>(() => PromptTokenizer.Load(PathOf("nowhere"))).Message, StringComparison.Ordinal);
        File.WriteAllText(PathOf("tokenizer.json"), """{"model": {"type": "WordPiece"}}""");
        Assert.Contains("of type WordPiece", Assert.Throws<CheckpointException>(() => PromptTokenizer.Load(PathOf("tokenizer.json"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACaseThatDiffersMisses()
    {
        var folder = CopyOf(Clip);
        var path = Path.Combine(folder, "cases.json");
        var cases = JsonNode.Parse(File.ReadAllText(path))!.AsArray();
        cases[5]!["ids"]!.AsArray()[1] = 321;
        File.WriteAllText(path, cases.ToJsonString());
        var result = Verification.OfTokenizer(folder, TestContext.Current.CancellationToken);
        Assert.Equal(Verdict.Misses, result.Verdict);
        Assert.Equal("case 6", result.Worst!.Where);

        cases[5]!["ids"]!.AsArray()[1] = 320;
        cases[6]!["surprise"] = true;
        File.WriteAllText(path, cases.ToJsonString());
        result = Verification.OfTokenizer(folder, TestContext.Current.CancellationToken);
        Assert.Equal(Verdict.Unknown, result.Verdict);
        Assert.Contains("surprise", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void LongTextsTakeTimeInProportion()
    {
        var (clip, t5) = (PromptTokenizer.Load(Clip), PromptTokenizer.Load(T5));
        foreach (var text in new[] { new string('a', 100_000), new string('<', 100_000), string.Concat(Enumerable.Repeat("a\u0301\u0327 ", 20_000)), new string('!', 100_000) })
        {
            Assert.Equal(77, clip.Encode([text]).Length);
            Assert.Equal(512, t5.Encode([text], 512).Length);
        }
    }

    private static int[] Ids(PromptTokenizer tokenizer, string text) => [.. tokenizer.Encode([text], padding: PromptPadding.None).Ids[0]];

    private string CopyOf(string folder)
    {
        var copy = Directory.CreateDirectory(PathOf(Path.GetRandomFileName())).FullName;
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => !Path.GetFileName(f).StartsWith("tokenizer.json", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }
}
