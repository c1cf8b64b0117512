; Inno Setup: an installer per user, which asks for no administrator.
; iscc /DVersion=<version> resources\packaging\windows.iss, after the folder was frozen;
; `python dev.py build` does both where iscc is on PATH. Untried on a Windows machine so far.

#ifndef Version
  #error "Give the version: iscc /DVersion=..."
#endif

[Setup]
AppId={{7B6E2C1B-6B0B-4C53-9F37-6B7B3B2D9C11}
AppName=Close Notes
AppVersion={#Version}
AppPublisher=Close Notes contributors
VersionInfoVersion={#Version}
DefaultDirName={autopf}\Close Notes
DefaultGroupName=Close Notes
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
OutputDir=..\..\dist
OutputBaseFilename=close-notes-{#Version}-setup
SetupIconFile=..\..\build\icons\app.ico
UninstallDisplayIcon={app}\close-notes.exe
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
CloseApplications=yes
RestartApplications=no

[Tasks]
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: startup; Description: "Start Close Notes with Windows"; Flags: unchecked

[InstallDelete]
; Files of the version before, so that none of its libraries is found by this one.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\close-notes\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{autoprograms}\Close Notes"; Filename: "{app}\close-notes.exe"
Name: "{autodesktop}\Close Notes"; Filename: "{app}\close-notes.exe"; Tasks: desktopicon
Name: "{userstartup}\Close Notes"; Filename: "{app}\close-notes.exe"; Tasks: startup

[Registry]
Root: HKA; Subkey: "Software\Classes\close-notes"; ValueType: string; ValueData: "URL:Close Notes"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\close-notes"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\close-notes\DefaultIcon"; ValueType: string; ValueData: "{app}\close-notes.exe,0"
Root: HKA; Subkey: "Software\Classes\close-notes\shell\open\command"; ValueType: string; ValueData: """{app}\close-notes.exe"" ""%1"""

[Run]
Filename: "{app}\close-notes.exe"; Description: "{cm:LaunchProgram,Close Notes}"; Flags: nowait postinstall skipifsilent
