using EduPro.VdoCipherEmulator;

await Emulator.Create(args).RunAsync();
